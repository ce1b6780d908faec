using System.Globalization;

namespace FlowCore.Inference;

/// <summary>A target that is made easier at first, so that a flow finds all of its modes. Immutable.</summary>
/// <remarks>Epochs are validated once the target is what it is: the best of an annealed loss means nothing.</remarks>
public sealed record Annealing
{
    private readonly double _start;
    private readonly double _until;
    private readonly double _width;

    private Annealing(double start, double until, double width) => (_start, _until, _width) = (start, until, width);

    /// <summary>The target as it is, from the first step.</summary>
    public static Annealing None { get; } = new(1, 0, 0);

    /// <summary>ln p = β ln p̃ + (1 − β) ln p₀, p₀ = N(0, width²) in every feature, β from its start to 1 along a line.</summary>
    /// <param name="start">β of the first step, in (0, 1].</param>
    /// <param name="until">The share of the steps after which β = 1, in [0, 1].</param>
    /// <param name="width">The deviation of p₀: that of the prior, wide enough for all modes.</param>
    /// <returns>The annealing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Annealing Linear(double start = 0.01, double until = 0.5, double width = 3)
    {
        if (!(start is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(start), start, $"Expected a start in (0, 1], got {start}.");
        if (!(width > 0 && double.IsFinite(width)))
            throw new ArgumentOutOfRangeException(nameof(width), width, $"Expected a positive, finite width, got {width}.");
        CheckShare(until);
        return new(start, until, width);
    }

    /// <summary>p̃^(1/T), T from its start to 1 along a line: for targets that are normalisable when flattened.</summary>
    /// <param name="temperature">T of the first step, at least 1.</param>
    /// <param name="until">The share of the steps after which T = 1, in [0, 1].</param>
    /// <returns>The annealing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Annealing Tempering(double temperature = 5, double until = 0.5)
    {
        if (!(temperature >= 1 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, $"Expected a temperature of at least 1, got {temperature}.");
        CheckShare(until);
        return new(temperature, until, 0);
    }

    /// <summary>The deviation of p₀; 0 where there is none.</summary>
    internal double Width => _width;

    /// <summary>What a checkpoint has to agree with.</summary>
    internal string Description => string.Create(CultureInfo.InvariantCulture, $"annealing {_start} until {_until}, width {_width}");

    /// <summary>Whether the target is what it is.</summary>
    internal bool IsOver(long step, long steps) => _start == 1 || step >= _until * steps;

    /// <summary>The factors of ln p̃ and of ln p₀ in a step.</summary>
    internal (double Target, double Prior) FactorsAt(long step, long steps)
    {
        if (IsOver(step, steps))
            return (1, 0);
        var at = _start + ((1 - _start) * (step / (_until * steps)));
        return _width > 0 ? (at, 1 - at) : (1 / at, 0);
    }

    private static void CheckShare(double until)
    {
        if (!(until is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(until), until, $"Expected a share in [0, 1], got {until}.");
    }
}
