namespace FlowCore.Manifolds;

/// <summary>The options of one layer, all of them set and checked.</summary>
/// <remarks>Immutable.</remarks>
public sealed class LayerOptions
{
    private readonly LayerLetter _letter;
    private readonly Dictionary<string, OptionValue> _values = [];

    /// <summary>Takes what is said and the defaults for the rest.</summary>
    /// <param name="letter">The letter, which has the list of options.</param>
    /// <param name="options">What is said; null for nothing.</param>
    /// <exception cref="ArgumentException">A name is none of the letter's, or a value is of another type or out of range.</exception>
    public LayerOptions(LayerLetter letter, IReadOnlyDictionary<string, OptionValue>? options = null)
    {
        ArgumentNullException.ThrowIfNull(letter);
        _letter = letter;
        foreach (var known in letter.Options)
            _values.Add(known.Name, known.Default);
        foreach (var (name, value) in options ?? new Dictionary<string, OptionValue>())
        {
            var option = letter.Options.FirstOrDefault(option => option.Name == name)
                ?? throw new ArgumentException($"The letter '{letter.Letter}' has no option '{name}'; it has {string.Join(", ", letter.Options.Select(known => known.Name))}.", nameof(options));
            _values[name] = option.Checked(value, nameof(options));
        }
    }

    /// <summary>A number.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The number.</returns>
    public double Number(string name) => Of(name).Number;

    /// <summary>An integer.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The integer.</returns>
    public int WholeNumber(string name) => (int)Of(name).Number;

    /// <summary>A yes or no.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True for yes.</returns>
    public bool Flag(string name) => Of(name).Number != 0;

    /// <summary>A text.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The text.</returns>
    public string Text(string name) => Of(name).Text!;

    private OptionValue Of(string name) => _values.TryGetValue(name, out var value)
        ? value
        : throw new ArgumentException($"The letter '{_letter.Letter}' declares no option '{name}'.", nameof(name));
}
