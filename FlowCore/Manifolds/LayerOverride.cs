namespace FlowCore.Manifolds;

/// <summary>Options of layers: of a letter everywhere, of a letter in one factor, or of the layer at one place.</summary>
/// <remarks>The most specific match holds alone: it is not merged with the others.</remarks>
public sealed record LayerOverride
{
    /// <summary>The options of a letter, wherever it stands.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="options">What is said; the rest is the letter's defaults.</param>
    public LayerOverride(char letter, IReadOnlyDictionary<string, OptionValue> options)
        : this(null, null, letter, options)
    {
    }

    /// <summary>The options of a letter in one factor.</summary>
    /// <param name="factor">The factor, from 0.</param>
    /// <param name="letter">The letter.</param>
    /// <param name="options">What is said; the rest is the letter's defaults.</param>
    public LayerOverride(int factor, char letter, IReadOnlyDictionary<string, OptionValue> options)
        : this(factor, null, letter, options)
    {
    }

    /// <summary>The options of one layer.</summary>
    /// <param name="factor">The factor, from 0.</param>
    /// <param name="position">The layer's position in the chain, 0 next to the base.</param>
    /// <param name="letter">Its letter.</param>
    /// <param name="options">What is said; the rest is the letter's defaults.</param>
    public LayerOverride(int factor, int position, char letter, IReadOnlyDictionary<string, OptionValue> options)
        : this((int?)factor, position, letter, options)
    {
    }

    private LayerOverride(int? factor, int? position, char letter, IReadOnlyDictionary<string, OptionValue> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Factor, Position, Letter, Options) = (factor, position, letter, options);
    }

    /// <summary>The factor; null for all.</summary>
    public int? Factor { get; }

    /// <summary>The position; null for all.</summary>
    public int? Position { get; }

    /// <summary>The letter.</summary>
    public char Letter { get; }

    /// <summary>What is said.</summary>
    public IReadOnlyDictionary<string, OptionValue> Options { get; }

    internal int Specificity => (Factor is null ? 0 : 1) + (Position is null ? 0 : 1);

    internal bool Matches(int factor, int position, char letter) =>
        Letter == letter && (Factor is null || Factor == factor) && (Position is null || Position == position);
}
