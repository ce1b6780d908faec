using System.Globalization;

namespace FlowCore.Manifolds;

/// <summary>An option of a letter: its name, its default and what it may be.</summary>
/// <remarks>Immutable; made by the static methods.</remarks>
public sealed class LayerOption
{
    private readonly bool _isInteger;
    private readonly double _least;
    private readonly double _most;
    private readonly string[]? _choices;

    private LayerOption(string name, OptionValue initial, bool isInteger, double least, double most, string[]? choices = null, bool isIgnored = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Default = initial;
        _isInteger = isInteger;
        _least = least;
        _most = most;
        _choices = choices;
        IsIgnored = isIgnored;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What it is where nothing is said.</summary>
    public OptionValue Default { get; }

    /// <summary>Whether any value is accepted and has no effect: options that only steer the solvers of jammy_flows.</summary>
    public bool IsIgnored { get; }

    /// <summary>A yes or no, 1 or 0.</summary>
    /// <param name="name">The name.</param>
    /// <param name="initial">The default.</param>
    /// <returns>The option.</returns>
    public static LayerOption Flag(string name, bool initial) => new(name, initial, isInteger: true, 0, 1);

    /// <summary>An integer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="initial">The default.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The largest value.</param>
    /// <returns>The option.</returns>
    public static LayerOption WholeNumber(string name, int initial, int least, int most = int.MaxValue) => new(name, initial, isInteger: true, least, most);

    /// <summary>A number.</summary>
    /// <param name="name">The name.</param>
    /// <param name="initial">The default.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The largest value.</param>
    /// <returns>The option.</returns>
    public static LayerOption Number(string name, double initial, double least = double.MinValue, double most = double.MaxValue) =>
        new(name, initial, isInteger: false, least, most);

    /// <summary>One of several words.</summary>
    /// <param name="name">The name.</param>
    /// <param name="choices">The words, the default first.</param>
    /// <returns>The option.</returns>
    public static LayerOption Choice(string name, params string[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return new(name, choices[0], isInteger: false, 0, 0, choices);
    }

    /// <summary>A text that the layer reads itself.</summary>
    /// <param name="name">The name.</param>
    /// <param name="initial">The default.</param>
    /// <returns>The option.</returns>
    public static LayerOption OfText(string name, string initial) => new(name, initial, isInteger: false, 0, 0);

    /// <summary>An option that is accepted and has no effect.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The option.</returns>
    public static LayerOption Ignored(string name) => new(name, 0.0, isInteger: false, 0, 0, isIgnored: true);

    /// <summary>Checks a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">It is of another type, or out of range.</exception>
    public OptionValue Checked(OptionValue value) => Checked(value, nameof(value));

    /// <summary>Checks a value that a caller gave under another name.</summary>
    internal OptionValue Checked(OptionValue value, string name)
    {
        var isRight = IsIgnored
            || (_choices is not null ? _choices.Contains(value.Text)
            : Default.Text is not null ? value.Text is not null
            : value.Text is null && value.Number >= _least && value.Number <= _most && (!_isInteger || value.Number == Math.Floor(value.Number)));
        return isRight ? value : throw new ArgumentException($"Expected {Expected} for the option '{Name}', got {value}.", name);
    }

    private string Expected => this switch
    {
        { _choices: not null } => $"one of \"{string.Join("\", \"", _choices)}\"",
        { Default.Text: not null } => "a text",
        { _isInteger: true, _least: 0, _most: 1 } => "0 or 1",
        { _isInteger: true, _most: int.MaxValue } => string.Create(CultureInfo.InvariantCulture, $"an integer of at least {_least}"),
        { _isInteger: true } => string.Create(CultureInfo.InvariantCulture, $"an integer from {_least} to {_most}"),
        { _least: double.MinValue, _most: double.MaxValue } => "a finite number",
        { _most: double.MaxValue } => string.Create(CultureInfo.InvariantCulture, $"a number of at least {_least}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a number from {_least} to {_most}"),
    };
}
