using System.Globalization;
using System.Text;

namespace FlowCore.Diagnostics;

/// <summary>How well calibrated a model is on events that it was not trained on. Immutable.</summary>
/// <remarks>
/// Calibrated is not informative: a model that ignores its conditions can be calibrated. So the negative log-density and the size of the intervals stand
/// beside the tests.
/// </remarks>
public sealed record CoverageReport
{
    /// <summary>n.</summary>
    public required int Events { get; init; }

    /// <summary>L, the draws for each event.</summary>
    public required int Draws { get; init; }

    /// <summary>The mean of −ln q(y), in nats; infinite where the model gives an event no density.</summary>
    public required double NegativeLogDensity { get; init; }

    /// <summary>Its standard error; NaN for one event.</summary>
    public required double NegativeLogDensityError { get; init; }

    /// <summary>The mean width of the central 68.27 % interval of each coordinate, over the events; empty without draws.</summary>
    public required IReadOnlyList<double> IntervalSize { get; init; }

    /// <summary>
    /// The regions |z|² ≤ t around the centre of the noise: exact, and free of draws. Null where the distribution functions of the base are not known, see
    /// <see cref="BaseRemark"/>.
    /// </summary>
    public required UniformityTest? Base { get; init; }

    /// <summary>Why there is no base coverage and no PIT; empty where there is.</summary>
    public required string BaseRemark { get; init; }

    /// <summary>The conditional PIT of each column of the noise; null where <see cref="Base"/> is.</summary>
    public required ConditionalPit? Pit { get; init; }

    /// <summary>The coverage of each factor of the noise, given the true values of the earlier ones.</summary>
    public required IReadOnlyList<FactorCoverage> Factors { get; init; }

    /// <summary>The regions of highest density in the coordinates of y, by draws or on a grid. They hold the same probability as those of the base, and are others.</summary>
    public required UniformityTest? HighestDensity { get; init; }

    /// <summary>How good the grid is where there is one: the error is some tenth of the change that half of it makes; empty for draws.</summary>
    public required string HighestDensityRemark { get; init; }

    /// <summary>The ranks of the coordinates, then of the functionals, among the draws: simulation-based calibration.</summary>
    public required IReadOnlyList<UniformityTest> Ranks { get; init; }

    /// <summary>The regions nearer to a reference point than the event: tests of accuracy with random points. Null without draws.</summary>
    public required UniformityTest? Tarp { get; init; }

    /// <summary>All tests again for each stratum that has events.</summary>
    public required IReadOnlyList<UniformityTest> Strata { get; init; }

    /// <summary>The names of the strata, with which the names of their tests end.</summary>
    public required IReadOnlyList<string> StrataNames { get; init; }

    /// <summary>The tests of all events together, in the order of this report.</summary>
    public IReadOnlyList<UniformityTest> Tests
    {
        get
        {
            var tests = new List<UniformityTest>();
            if (Base is not null)
                tests.Add(Base);
            tests.AddRange(Factors.Select(factor => factor.Test));
            tests.AddRange(Pit?.Columns ?? []);
            if (HighestDensity is not null)
                tests.Add(HighestDensity);
            tests.AddRange(Ranks);
            if (Tarp is not null)
                tests.Add(Tarp);
            return tests;
        }
    }

    /// <summary>The tests of regions, whose coverage at a level is what a user quotes: of the base, of its factors, of the highest density, and TARP.</summary>
    public IReadOnlyList<UniformityTest> Regions =>
        [.. new[] { Base }.Concat(Factors.Select(factor => factor.Test)).Append(HighestDensity).Append(Tarp).OfType<UniformityTest>()];

    /// <summary>
    /// All p-values, corrected for their number by Holm's method. What should be uniform stands here with the <see cref="UniformityTest.CombinedP"/> of its four tests.
    /// </summary>
    public IReadOnlyList<CorrectedTest> Corrected => CorrectedTest.Of([.. PValues()]);

    /// <summary>Whether no test, corrected for their number, is below a level.</summary>
    /// <param name="level">The chance of a false alarm.</param>
    /// <returns>True for a model that shows no fault.</returns>
    public bool Passes(double level = 0.01) => Corrected.All(test => test.CorrectedP >= level);

    /// <inheritdoc/>
    public override string ToString() => Tables() + CorrectedTest.Summary(Corrected);

    /// <summary>The p-value of every set of numbers that should be uniform, of all its tests together, and of every correlation.</summary>
    internal IEnumerable<(string Name, double PValue)> PValues()
    {
        foreach (var test in Tests.Concat(Strata))
            yield return (test.Name, test.CombinedP);
        foreach (var pair in Pit?.Correlations ?? [])
            yield return ($"correlation of z{pair.First} and z{pair.Second}", pair.PValue);
    }

    /// <summary>All but the summary.</summary>
    internal string Tables()
    {
        var culture = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.AppendLine(culture, $"{Events} events, {Draws} draws each; -ln q = {NegativeLogDensity:0.0000} +- {NegativeLogDensityError:0.0000}");
        if (IntervalSize.Count > 0)
            text.AppendLine(culture, $"mean 68.27 % interval: {string.Join(", ", IntervalSize.Select(width => width.ToString("g4", culture)))}");
        if (BaseRemark.Length > 0)
            text.AppendLine(BaseRemark);
        if (HighestDensityRemark.Length > 0)
            text.AppendLine(HighestDensityRemark);
        foreach (var test in Tests.Concat(Strata))
            text.AppendLine(test.ToString());
        foreach (var pair in Pit?.Correlations ?? [])
            text.AppendLine(pair.ToString());
        return text.ToString();
    }
}
