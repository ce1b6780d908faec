namespace Attack;

/// <summary>What one kind of attack came to. Not thread-safe.</summary>
/// <param name="part">The part of the attack: "files".</param>
/// <param name="name">The kind: "safetensors, truncate".</param>
internal sealed class AttackRow(string part, string name)
{
    private const int MostExamples = 3;
    private readonly List<string> _examples = [];

    /// <summary>The part of the attack.</summary>
    public string Part { get; } = part;

    /// <summary>The kind.</summary>
    public string Name { get; } = name;

    /// <summary>How often it was tried.</summary>
    public int Tries { get; private set; }

    /// <summary>How often the program refused with one sentence, or stopped as it should.</summary>
    public int Refused { get; private set; }

    /// <summary>How often a promise was broken.</summary>
    public int Failures { get; private set; }

    /// <summary>The first broken promises, in words.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>Counts a try.</summary>
    /// <param name="refused">Whether the program refused.</param>
    /// <param name="failure">The promise that was broken, or null.</param>
    public void Count(bool refused, string? failure)
    {
        Tries++;
        Refused += refused ? 1 : 0;
        if (failure is null)
            return;
        Failures++;
        if (_examples.Count < MostExamples)
            _examples.Add(failure);
    }
}
