using FactorizableFlow.Training;

namespace FactorizableFlow.Validation;

/// <summary>The limits that closure is judged by. Immutable.</summary>
internal sealed class ClosureLimits
{
    private const double Unit = 1e-5;
    private const double SamePoint = 1e-6;

    private static readonly Entry[] _reference =
    [
        new("kin", 0, 0, 8.8, 0.9),
        new("kin", 1, 0, 9.3, 1.0), new("kin", -1, 0, 10.0, 0.9),
        new("kin", 0, 1, 9.0, 0.9), new("kin", 0, -1, 7.2, 1.1),
        new("kin", 0.5, 0, 7.8, 1.0), new("kin", -0.5, 0, 7.8, 1.0),
        new("kin", 0, 0.5, 7.8, 1.0), new("kin", 0, -0.5, 7.8, 1.0),
        new("kin", 0.7, -0.7, 91, 10),
        new("kin", 1, 1, 419, 20), new("kin", -1, 1, 380, 19),
        new("kin", 2, 0, 11.0, 1.6), new("kin", 0, 2, 13.7, 2.7),
        new("score", 0, 0, 79, 21),
        new("score", 1, 0, 156, 25), new("score", -1, 0, 74, 14),
        new("score", 0, 1, 265, 31), new("score", 0, -1, 128, 16),
        new("score", 0.5, 0, 178, 25), new("score", -0.5, 0, 178, 25),
        new("score", 0, 0.5, 178, 25), new("score", 0, -0.5, 178, 25),
        new("score", 0.7, -0.7, 232, 29),
        new("score", 1, 1, 857, 38), new("score", -1, 1, 482, 30),
        new("score", 2, 0, 318, 26), new("score", 0, 2, 1348, 51),
    ];

    private readonly double _margin;
    private readonly Func<string, IReadOnlyList<double>, ClosureLimit?> _find;

    private ClosureLimits(string name, string rule, double margin, Func<string, IReadOnlyList<double>, ClosureLimit?> find)
    {
        Name = name;
        Rule = rule;
        _margin = margin;
        _find = find;
    }

    /// <summary>
    /// What the published study's own models reach, measured on 200,000 fresh events a point; a measured range of several points
    /// (ν = ±0.5) counts with its upper end. Points that were not measured have no limit.
    /// </summary>
    public static ClosureLimits Reference { get; } = new(
        "reference",
        "A row is ok if its KL is at most the reference's, measured the same way, plus twice the combined standard error of the two.",
        margin: 2,
        FindReference);

    /// <summary>What FlowCore's own configuration must reach at every point: 20e-5 nats for x, 60e-5 nats for y.</summary>
    public static ClosureLimits FlowCore { get; } = new(
        "flowcore",
        "A row is ok if its KL is below 20e-5 nats (kin) or 60e-5 nats (score).",
        margin: 0,
        (model, _) => new ClosureLimit((Sector.OfModel(model).IsKinematic ? 20 : 60) * Unit, 0));

    /// <summary>All sets of limits.</summary>
    public static IReadOnlyList<ClosureLimits> All { get; } = [Reference, FlowCore];

    /// <summary>What --limits calls the set.</summary>
    public string Name { get; }

    /// <summary>The rule in one sentence.</summary>
    public string Rule { get; }

    /// <summary>The limit of a row, or null where none is set.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="nu">The point.</param>
    public ClosureLimit? For(string model, IReadOnlyList<double> nu) => _find(model, nu);

    /// <summary>Whether a row keeps its limit; null where it has none.</summary>
    public bool? Holds(ClosureRow row) =>
        For(row.Model, row.Nu) is { } limit ? row.Kl <= limit.Kl + (_margin * double.Hypot(row.KlSe, limit.StandardError)) : null;

    private static ClosureLimit? FindReference(string model, IReadOnlyList<double> nu)
    {
        var sector = Sector.OfModel(model).Name;
        var entry = nu.Count != 2 ? null : Array.Find(
            _reference,
            candidate => candidate.Sector == sector && Math.Abs(candidate.Shift - nu[0]) < SamePoint && Math.Abs(candidate.Squeeze - nu[1]) < SamePoint);
        return entry is null ? null : new ClosureLimit(entry.Kl * Unit, entry.Error * Unit);
    }

    // KL and its error in 1e-5 nats.
    private sealed record Entry(string Sector, double Shift, double Squeeze, double Kl, double Error);
}
