using System.Globalization;
using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;

namespace FlowCore.Diagnostics;

/// <summary>Whether a model's density is calibrated: tests on events of the joint distribution that it was trained on, but not of the training itself.</summary>
/// <remarks>
/// <para>
/// Every test turns an event into a number that is uniform on (0, 1) if q(y | c) is the true density, and tests that. Coverage is exact in expectation over the
/// conditions; divide by <see cref="Strata"/> to see where it is not.
/// </para>
/// <para>
/// Sources: S. Talts and others, "Validating Bayesian inference algorithms with simulation-based calibration", 2018 (ranks); P. Lemos and others, "Sampling-based
/// accuracy testing of posterior estimators for general inference", 2023 (TARP); R. J. Hyndman, "Computing and graphing highest density regions", 1996.
/// </para>
/// <para>Deterministic by the seed, for any number of threads. Thread-safe where calls of the model are.</para>
/// </remarks>
public static class ModelDiagnostics
{
    private const string BaseName = "base coverage";

    /// <summary>The noise of events made standard normal, w: what <see cref="Statistics.NoiseMetrics"/> judge. Events outside the model's support have none and are left out.</summary>
    /// <inheritdoc cref="BaseCoverage"/>
    /// <returns>Row-major [events inside, <see cref="DensityModel{T}.NoiseFeatures"/>].</returns>
    public static double[] Noise<T>(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (white, features, inside) = (WhiteNoise(model, y, conditions), model.NoiseFeatures, 0);
        for (var i = 0; i < white.Length; i += features)
        {
            var row = white.AsSpan(i, features);

            // An event outside, or beyond the ends of a bounded feature of the noise.
            if (row.ContainsAny(double.NegativeInfinity, double.PositiveInfinity))
                continue;
            row.CopyTo(white.AsSpan(inside));
            inside += features;
        }

        return white[..inside];
    }

    /// <summary>The coverage of the regions |w|² ≤ t around the centre of the noise, u = F_χ²(|w|²), where w is the noise made standard normal.</summary>
    /// <remarks>Costs one evaluation of the model, no draws.</remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="y">Events, row-major [n, D], at least one.</param>
    /// <param name="conditions">Context and nuisances, a row for every event or one for all; left out where there are none.</param>
    /// <returns>The test.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no event, or a row is not finite.</exception>
    /// <exception cref="NotSupportedException">The base distribution is neither normal, nor a mixture of normal ones, nor a product with known distribution functions.</exception>
    /// <exception cref="ArithmeticException">The model's noise of an event is NaN.</exception>
    public static UniformityTest BaseCoverage<T>(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckEvents(model, y);
        var uniforms = NoiseUniforms.Of(model.Device, BasePoints<T>.Of(model, y, conditions), model.NoiseFeatures, withColumns: false, []);
        return UniformityTest.Of(BaseName, uniforms.Radius);
    }

    /// <summary>The conditional probability integral transform of each column of the noise, and the correlations of the columns.</summary>
    /// <inheritdoc cref="BaseCoverage"/>
    public static ConditionalPit Pit<T>(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckEvents(model, y);
        return PitOf(NoiseUniforms.Of(model.Device, BasePoints<T>.Of(model, y, conditions), model.NoiseFeatures, withColumns: true, []), bins: 0);
    }

    /// <summary>The noise of events made standard normal, w: independent N(0, 1) in every column where the model is right.</summary>
    /// <remarks>
    /// Normal bases by location and factor, products by their own distribution functions, mixtures of normal distributions by the distribution function of each
    /// feature given the earlier ones.
    /// </remarks>
    /// <inheritdoc cref="BaseCoverage"/>
    /// <returns>Row-major [n, noise features]; infinite where an event is outside of a bounded base.</returns>
    public static double[] WhiteNoise<T>(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckEvents(model, y);
        return BasePoints<T>.Of(model, y, conditions);
    }

    /// <summary>
    /// Base coverage and PIT of points of the base that something else than a <see cref="DensityModel{T}"/> has computed: a density on a sphere, a torus or a product
    /// of spaces whose charts end on normal coordinates.
    /// </summary>
    /// <param name="points">Row-major [n, dimension]: independent standard normal numbers where the density is right; no NaN.</param>
    /// <param name="dimension">The columns, which is the dimension of the space.</param>
    /// <param name="factors">The factors of a product in the order in which the density makes them; null for none.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows, one is NaN, or factors overlap or leave the columns.</exception>
    public static BasePointReport OfBasePoints(ReadOnlySpan<double> points, int dimension, IReadOnlyList<NoiseFactor>? factors = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (points.IsEmpty || points.Length % dimension != 0)
            throw new ArgumentException($"Expected at least one point of {dimension} numbers, got {points.Length} numbers.", nameof(points));
        for (var i = 0; i < points.Length; i++)
        {
            if (double.IsNaN(points[i]))
                throw new ArgumentException($"Expected numbers, got NaN in row {i / dimension}, column {i % dimension}.", nameof(points));
        }

        factors ??= [];
        NoiseFactor.Check(factors, dimension, nameof(factors));
        var uniforms = NoiseUniforms.Of(Device.Cpu, points.ToArray(), dimension, withColumns: true, factors);
        return new BasePointReport(UniformityTest.Of(BaseName, uniforms.Radius), PitOf(uniforms, bins: 0), FactorCoverage.Of(factors, uniforms.Factors, bins: 0));
    }

    /// <summary>All tests: base coverage, PIT, coverage of the highest density, ranks of the coordinates and of functionals, TARP; of strata, too.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="y">Events, row-major [n, D], at least one; 1,000 or more to see faults of some percent.</param>
    /// <param name="conditions">Context and nuisances, a row for every event or one for all; left out where there are none.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no event, or a row is not finite.</exception>
    /// <exception cref="ArithmeticException">A density, a noise, a draw or a functional is NaN.</exception>
    /// <exception cref="NotSupportedException">A grid is asked for, and the base has no distribution functions or depends on the conditions.</exception>
    public static CoverageReport Coverage<T>(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions = default, CoverageOptions<T>? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new CoverageOptions<T>();
        var events = CheckEvents(model, y);
        options.Check(events, model.Features, model.NoiseFeatures);
        var logDensity = new T[events];
        model.LogDensity(y, conditions, logDensity);
        var (mean, error) = NegativeMean(logDensity);
        var noise = NoiseOf(model, y, conditions, options.Factors, out var remark);
        var draws = options.Draws > 0 ? DrawRanks<T>.Of(model, y, conditions, logDensity, options) : null;
        var named = new List<(string Name, double[] Uniforms)>();
        var baseTest = noise is null ? null : Test(BaseName, noise.Radius);
        var (contents, change) = options.HighestDensityGrid > 0 ? GridContents<T>.Of(model, conditions, logDensity, options) : (draws?.Uniforms[0], double.NaN);
        var density = contents is null ? null : Test("highest density", contents);
        var tarp = draws is null ? null : Test(options.References.IsEmpty ? "TARP, blind references" : "TARP, given references", draws.Uniforms[1]);
        var ranks = new List<UniformityTest>();
        for (var i = 2; i < draws?.Uniforms.Length; i++)
            ranks.Add(Test(i - 2 < model.Features ? $"rank of y{i - 2}" : $"rank of {options.Functionals[i - 2 - model.Features].Name}", draws.Uniforms[i]));
        return new CoverageReport
        {
            Events = events,
            Draws = options.Draws,
            NegativeLogDensity = mean,
            NegativeLogDensityError = error,
            IntervalSize = draws?.IntervalSizes() ?? [],
            Base = baseTest,
            BaseRemark = remark,
            Pit = noise is null ? null : PitOf(noise, options.Bins),
            Factors = noise is null ? [] : FactorCoverage.Of(options.Factors, noise.Factors, options.Bins),
            HighestDensity = density,
            HighestDensityRemark = double.IsNaN(change) ? "" : string.Create(
                CultureInfo.InvariantCulture, $"Highest density on a grid of {options.HighestDensityGrid} intervals; half as many change contents by {change:g2} at most."),
            Ranks = ranks,
            Tarp = tarp,
            Strata = options.Strata is { } strata ? StrataOf(strata, named, options.Bins) : [],
            StrataNames = options.Strata?.Names ?? [],
        };

        UniformityTest Test(string name, double[] uniforms)
        {
            named.Add((name, uniforms));
            return UniformityTest.Of(name, uniforms, options.Bins);
        }
    }

    /// <summary>
    /// Everything in one call: <see cref="Coverage"/>, and the model's samples against the events by <see cref="TwoSample"/>, with all p-values corrected for their
    /// number.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="y">Events, row-major [n, D], at least one; 1,000 or more to see faults of some percent.</param>
    /// <param name="conditions">Context and nuisances, a row for every event or one for all; left out where there are none.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The report; <c>ToString()</c> gives it as text.</returns>
    /// <exception cref="ArgumentException">A length is wrong, there is no event, or a row is not finite.</exception>
    /// <exception cref="ArithmeticException">A density, a noise, a draw or a functional is NaN, or a draw is infinite.</exception>
    public static DiagnosticsReport Report<T>(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions = default, DiagnosticsOptions<T>? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new DiagnosticsOptions<T>();
        var coverage = Coverage(model, y, conditions, options.Coverage);
        var samples = SampleComparison<T>.Of(model, y, conditions, options.TwoSample.Seed);
        var tests = new List<TwoSampleResult>();
        ColumnTest[] columns = [];
        if (samples.Events.Length > 0)
        {
            var (first, second, count) = (samples.Events, samples.Draws, samples.Columns);
            tests.Add(TwoSample.Energy<T>(first, second, count, options.TwoSample));
            tests.Add(TwoSample.Mmd<T>(first, second, count, options.TwoSample));
            tests.Add(TwoSample.SlicedKolmogorov<T>(first, second, count, options.TwoSample));
            if (options.WithClassifier)
                tests.Add(TwoSample.Classifier<T>(first, second, count, options.TwoSample));
            columns = TwoSample.Kolmogorov<T>(
                SampleComparison<T>.Leading(first, count, model.Features), SampleComparison<T>.Leading(second, count, model.Features), model.Features);
        }

        return new DiagnosticsReport { Coverage = coverage, Samples = tests, Columns = columns, SampleRemark = samples.Remark };
    }

    private static int CheckEvents<T>(DensityModel<T> model, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        return !y.IsEmpty && y.Length % model.Features == 0
            ? y.Length / model.Features
            : throw new ArgumentException($"Expected at least one event of {model.Features} numbers, got {y.Length} numbers.", nameof(y));
    }

    private static NoiseUniforms? NoiseOf<T>(
        DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions, IReadOnlyList<NoiseFactor> factors, out string remark)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        remark = "";
        try
        {
            return NoiseUniforms.Of(model.Device, BasePoints<T>.Of(model, y, conditions), model.NoiseFeatures, withColumns: true, factors);
        }
        catch (NotSupportedException exception)
        {
            remark = $"No base coverage and no PIT: {exception.Message}";
            return null;
        }
    }

    private static ConditionalPit PitOf(NoiseUniforms noise, int bins) =>
        new([.. noise.Columns.Select((column, j) => UniformityTest.Of($"PIT of z{j}", column, bins))], noise.Correlations());

    private static List<UniformityTest> StrataOf(Strata strata, List<(string Name, double[] Uniforms)> named, int bins)
    {
        var tests = new List<UniformityTest>();
        for (var s = 0; s < strata.Names.Count; s++)
        {
            foreach (var (name, uniforms) in named)
            {
                var own = strata.Select(uniforms, s);
                if (own.Length > 0)
                    tests.Add(UniformityTest.Of($"{name}, {strata.Names[s]}", own, bins));
            }
        }

        return tests;
    }

    private static (double Mean, double Error) NegativeMean<T>(T[] logDensity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var log in logDensity)
            sum -= double.CreateTruncating(log);
        var mean = sum / logDensity.Length;
        foreach (var log in logDensity)
            squares += (double.CreateTruncating(log) + mean) * (double.CreateTruncating(log) + mean);
        return (mean, Math.Sqrt(squares / logDensity.Length / (logDensity.Length - 1)));
    }
}
