using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>Checks the laws that every base distribution obeys, for one of your own as for the library's.</summary>
/// <remarks>
/// In one and two dimensions the density integrates to 1 and samples are distributed as it says; in any, samples have a density,
/// adjoints of the density and of samples are those of central differences, a row's bits are its own, single precision follows
/// double, and what the distribution writes about itself builds the same one again. Parameters are treated as in
/// <see cref="TransformCheck"/>, and the options are the same.
/// </remarks>
public sealed class BaseDistributionCheck
{
    private const int Samples = 4000;
    private readonly BaseDistribution<double> _distribution;
    private readonly TransformCheckOptions _options;

    /// <summary>Prepares a check.</summary>
    /// <param name="distribution">The distribution. Its kind must be in a list given to <see cref="Parts.PartRegistry"/>, or the laws of copies fail.</param>
    /// <param name="options">Numbers and tolerances; null for the defaults. Rows are samples of the distribution itself, so inputs and conditions are not read.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public BaseDistributionCheck(BaseDistribution<double> distribution, TransformCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        _distribution = distribution;
        _options = options ?? new TransformCheckOptions();
        _options.Check();
    }

    /// <summary>Checks all laws.</summary>
    /// <returns>How well each holds.</returns>
    /// <exception cref="ArgumentException">Two parameters have one name, or some belong to a model and some do not.</exception>
    public LawReport Run()
    {
        using var parameters = new BorrowedParameters(_distribution, _options.ParameterReach, _options.Seed);
        var stream = new RandomStream(_options.Seed);
        var condition = new double[_distribution.ConditionColumns];
        stream.Substream(3).FillNormal<double>(condition);
        using var evaluation = new BaseDistributionEvaluation<double>(_distribution, parameters.Device, condition);
        var samples = evaluation.Sample(stream.Substream(4), Samples);
        var density = evaluation.LogDensity(samples);
        var laws = new List<LawResult> { Finite(density) };
        if (_distribution.Features <= 2 && _distribution.Domain.Axes is { } axes)
            Integrate(evaluation, axes, samples, laws);
        laws.Add(Gradients(parameters, condition, samples));
        laws.Add(SampleGradients(parameters, condition, stream));
        laws.Add(OwnBits(evaluation, samples, density));
        Copies(parameters.Device, condition, samples, density, laws);
        return new LawReport(
            $"{_distribution.GetType().Name.Split('`')[0]} of {_distribution.Features} features and {_distribution.ConditionColumns} condition columns, seed {_options.Seed}", laws);
    }

    private static LawResult Finite(double[] density)
    {
        var at = Array.FindIndex(density, value => !double.IsFinite(value));
        return new LawResult("samples have a density", at < 0 ? 0 : double.PositiveInfinity, 0, at < 0 ? "" : $"sample {at}: ln p is {density[at]}");
    }

    private void Integrate(BaseDistributionEvaluation<double> evaluation, Axis[] axes, double[] samples, List<LawResult> laws)
    {
        var features = axes.Length;
        var nodes = new QuadratureAxis[features];
        for (var j = 0; j < features; j++)
            nodes[j] = QuadratureAxis.Create(axes[j], Column(samples, j), features == 1 ? 4001 : 513);
        var (rows, columns) = (nodes[0].Nodes.Length, features == 1 ? 1 : nodes[1].Nodes.Length);
        var z = new double[rows * columns * features];
        for (var i = 0; i < rows * columns; i++)
        {
            z[i * features] = nodes[0].Nodes[i / columns];
            if (features == 2)
                z[(2 * i) + 1] = nodes[1].Nodes[i % columns];
        }

        var logDensity = evaluation.LogDensity(z);
        var marginals = Array.ConvertAll(nodes, axis => new double[axis.Nodes.Length]);
        var integral = 0.0;
        for (var i = 0; i < rows * columns; i++)
        {
            var share = Math.Exp(logDensity[i]) * nodes[0].Weights[i / columns] * (features == 1 ? 1 : nodes[1].Weights[i % columns]);
            integral += share;
            marginals[0][i / columns] += share;
            if (features == 2)
                marginals[1][i % columns] += share;
        }

        laws.Add(new LawResult("∫ p = 1", Math.Abs(integral - 1), _options.IntegralTolerance, FormattableString.Invariant($"the integral is {integral:R}")));
        for (var j = 0; j < features; j++)
        {
            // Kolmogorov and Smirnov: √n times the distance exceeds 2.2 once in eight thousand.
            var distance = Distance(nodes[j], marginals[j], Column(samples, j));
            laws.Add(new LawResult($"samples of feature {j} are distributed as the density says", distance, 2.2 / Math.Sqrt(Samples), $"of {Samples} samples"));
        }
    }

    private static double Distance(QuadratureAxis axis, double[] probabilities, double[] samples)
    {
        Array.Sort(samples);
        var worst = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            var expected = axis.Cumulative(probabilities, samples[i]);
            worst = Math.Max(worst, Math.Max(Math.Abs(expected - ((double)i / samples.Length)), Math.Abs(expected - ((i + 1.0) / samples.Length))));
        }

        return worst;
    }

    private double[] Column(double[] rows, int column) => [.. rows.Where((_, i) => i % _distribution.Features == column)];

    private LawResult Gradients(BorrowedParameters parameters, double[] condition, double[] samples) => Differences(
        "adjoints of the density", parameters, condition, samples, _distribution.Features, _distribution.LogDensity);

    private LawResult SampleGradients(BorrowedParameters parameters, double[] condition, RandomStream stream)
    {
        var random = new double[_options.GradientRows * _distribution.RandomNumbers];
        if (_distribution.RandomDistribution == RandomDistribution.Normal)
            stream.Substream(6).FillNormal<double>(random);
        else
            stream.Substream(6).FillUniform<double>(random);

        // Steps must not leave (0, 1).
        for (var i = 0; i < random.Length && _distribution.RandomDistribution != RandomDistribution.Normal; i++)
            random[i] = 0.01 + (0.98 * random[i]);
        return Differences("adjoints of samples", parameters, condition, random, _distribution.RandomNumbers, _distribution.FromRandom);
    }

    private LawResult Differences(
        string what, BorrowedParameters parameters, double[] condition, double[] rows, int columns, Func<Variable<double>, Variable<double>, Variable<double>> function)
    {
        var check = new GradientCheck(_options.GradientRows, parameters.Device).AmongKinks(_options.GradientTolerance);
        check.Block(rows.AsSpan(0, _options.GradientRows * columns), columns);
        if (condition.Length > 0)
            check.SharedRow(condition);
        if (parameters.Store is { } store)
            check.Parameters(store);
        var deviation = check.Run((_, leaves) => function(leaves[0], condition.Length > 0 ? leaves[1] : default));
        return new LawResult($"{what} are those of central differences", deviation.Relative, _options.GradientTolerance, deviation.ToString());
    }

    private LawResult OwnBits(BaseDistributionEvaluation<double> evaluation, double[] samples, double[] density)
    {
        var (rows, features) = (_options.Rows, _distribution.Features);
        var pairs = new List<(string, double[], double[])>();
        for (var row = 0; row < rows; row += rows / 3)
        {
            pairs.Add(($"row {row} alone", density[row..(row + 1)], evaluation.LogDensity(samples[(row * features)..((row + 1) * features)])));
            pairs.Add(($"the rows from {row}", density[row..rows], evaluation.LogDensity(samples[(row * features)..(rows * features)])));
        }

        return WorstDeviation.Bits("a row's bits are its own", pairs);
    }

    private void Copies(Device device, double[] condition, double[] samples, double[] density, List<LawResult> laws)
    {
        const string Description = "a copy made of its description has the same bits";
        const string Single = "single precision follows double";
        try
        {
            laws.Add(WorstDeviation.Bits(Description, [("ln p", density, Evaluate(_distribution.ConvertTo<double>(), device, condition, samples))]));
            var single = _distribution.ConvertTo<float>();
            var twin = single.ConvertTo<double>();
            var (points, row) = (Array.ConvertAll(samples, value => (float)value), Array.ConvertAll(condition, value => (float)value));
            var found = Evaluate(single, Device.Cpu, row, points);
            var expected = Evaluate(twin, Device.Cpu, Array.ConvertAll(row, value => (double)value), Array.ConvertAll(points, value => (double)value));
            var worst = new WorstDeviation();
            for (var i = 0; i < found.Length; i++)
                worst.Note(expected[i], found[i], 1 + Math.Abs(expected[i]), "ln p", i);
            laws.Add(worst.For(Single, _options.SingleTolerance));
        }
        catch (Exception exception) when (exception is NotSupportedException or IO.ModelFormatException)
        {
            laws.Add(new LawResult(Description, double.PositiveInfinity, 0, exception.Message));
        }
    }

    private static T[] Evaluate<T>(BaseDistribution<T> distribution, Device device, T[] condition, T[] z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var store = new ParameterStore<T>(device, distribution.Parameters);
        using var evaluation = new BaseDistributionEvaluation<T>(distribution, device, condition);
        return evaluation.LogDensity(z);
    }
}
