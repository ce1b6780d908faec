using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z_j = τ_j(x_j; θ_j): a bijection of its own for each feature, where some are angles and others are not, or their bounds differ.</summary>
/// <remarks>
/// Each feature has P raw parameters, of which its τ_j takes those that it is given, in their order; P is that of the largest, or more. A direction costs what
/// the τ_j cost, one after the other.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class PerFeature<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Univariate<T>[] _univariates;
    private readonly int[][] _taken;
    private readonly UnivariateMap<T>[] _forward;
    private readonly UnivariateMap<T>[] _inverse;
    private readonly GatherColumnsOperation<T>?[] _gathers;

    /// <summary>Joins maps.</summary>
    /// <param name="univariates">τ_j of each feature, at least one, none with parameters of its own.</param>
    /// <param name="parametersPerFeature">P; 0 for that of the largest.</param>
    /// <param name="taken">For each feature which of its P numbers τ_j takes, from 0; null for the first ones.</param>
    /// <exception cref="ArgumentException">There is no map, one has parameters of its own, or numbers are taken that are not there.</exception>
    public PerFeature(IReadOnlyList<Univariate<T>> univariates, int parametersPerFeature = 0, IReadOnlyList<int[]>? taken = null)
        : base(CheckedCount(univariates, parametersPerFeature))
    {
        _univariates = [.. univariates];
        if (taken is not null && taken.Count != _univariates.Length)
            throw new ArgumentException($"Expected the numbers of each of {_univariates.Length} maps, got those of {taken.Count}.", nameof(taken));
        _taken = new int[_univariates.Length][];
        _gathers = new GatherColumnsOperation<T>?[_univariates.Length];
        for (var j = 0; j < _taken.Length; j++)
        {
            var count = _univariates[j].ParametersPerFeature;
            _taken[j] = taken is null ? UnivariateMap<T>.Natural(count) : [.. taken[j]];
            if (_taken[j].Length != count)
                throw new ArgumentException($"Expected {count} numbers for map {j}, got {_taken[j].Length}.", nameof(taken));
            foreach (var index in _taken[j])
            {
                if (index < 0 || index >= ParametersPerFeature)
                    throw new ArgumentException($"Expected numbers from 0 to {ParametersPerFeature - 1} for map {j}, got {index}.", nameof(taken));
            }

            if (!_taken[j].AsSpan().SequenceEqual(UnivariateMap<T>.Natural(count)))
                _gathers[j] = new GatherColumnsOperation<T>(_taken[j]);
        }

        _forward = Array.ConvertAll(_univariates, part => new UnivariateMap<T>(part, [0], inverse: false));
        _inverse = Array.ConvertAll(_univariates, part => new UnivariateMap<T>(part, [0], inverse: true));
    }

    /// <inheritdoc/>
    public static string Kind => "per-feature";

    /// <inheritdoc/>
    public override int Features => _univariates.Length;

    /// <summary>τ_j of each feature.</summary>
    public IReadOnlyList<Univariate<T>> Univariates => _univariates;

    /// <summary>normflows' rational-quadratic splines of features of which some are angles: each takes 3K + 1 numbers, of which an angle ignores the last and the others both outer slopes.</summary>
    /// <param name="bins">K, at least 2.</param>
    /// <param name="bounds">B of each feature.</param>
    /// <param name="areAngles">For each feature whether it is an angle.</param>
    /// <param name="logitScale">What multiplies raw widths and heights: 1/√H in couplings.</param>
    /// <returns>τ.</returns>
    /// <exception cref="ArgumentException">A number is out of range, or there are not as many bounds as features.</exception>
    public static PerFeature<T> OfNormflows(int bins, ReadOnlySpan<double> bounds, ReadOnlySpan<bool> areAngles, double logitScale = 1)
    {
        if (bounds.Length != areAngles.Length)
            throw new ArgumentException($"Expected a bound for each of {areAngles.Length} features, got {bounds.Length}.", nameof(bounds));
        var (parts, taken) = (new List<Univariate<T>>(), new List<int[]>());
        for (var j = 0; j < bounds.Length; j++)
        {
            var settings = new SplineSettings(bins, bounds[j]) { Parametrization = SplineParametrization.Softmax, LogitScale = logitScale };
            if (areAngles[j])
                settings = settings with { Ends = SplineEnds.Tied, Tails = SplineTails.Circular };
            parts.Add(new RationalQuadraticSpline<T>(settings));
            var slopes = areAngles[j] ? Enumerable.Range(2 * bins, bins) : Enumerable.Range((2 * bins) + 1, bins - 1);
            taken.Add([.. Enumerable.Range(0, 2 * bins), .. slopes]);
        }

        return new PerFeature<T>(parts, (3 * bins) + 1, taken);
    }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var univariates = reader.Parts<Univariate<T>>("univariates");
        var (count, all) = (reader.Count("parameters"), reader.Integers("taken"));
        var taken = new int[univariates.Count][];
        var start = 0;
        for (var j = 0; j < taken.Length; j++)
        {
            var end = start + univariates[j].ParametersPerFeature;
            if (end > all.Length)
                throw new ArgumentException($"Expected the numbers that {taken.Length} maps take, got {all.Length}.", nameof(reader));
            taken[j] = all[start..end];
            start = end;
        }

        return start == all.Length
            ? new PerFeature<T>(univariates, count, taken)
            : throw new ArgumentException($"Expected {start} numbers that are taken, got {all.Length}.", nameof(reader));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("univariates", _univariates);
        writer.Write("parameters", ParametersPerFeature);
        writer.Write("taken", [.. _taken.SelectMany(indices => indices)]);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope) => Apply(_forward, x, raw, out logSlope);

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) => Apply(_inverse, z, raw, out logSlope);

    internal override Domain DomainOf(int features) => ProductOf(features, part => part.Domain);

    internal override Domain CodomainOf(int features) => ProductOf(features, part => part.Codomain);

    /// <summary>The start of all features; a masked network asks for one that suits each of them.</summary>
    internal override double[] StartOf(int features)
    {
        var all = new double[checked(features * ParametersPerFeature)];
        var isSet = new bool[all.Length];
        for (var j = 0; j < _univariates.Length; j++)
        {
            var start = new double[_taken[j].Length];
            _univariates[j].Start(start);
            for (var i = 0; i < start.Length; i++)
            {
                var at = (features == 1 ? 0 : j * ParametersPerFeature) + _taken[j][i];
                if (isSet[at] && all[at] != start[i])
                    throw new NotSupportedException("Maps that start at different numbers cannot be started by a network that has one start for all features.");
                (all[at], isSet[at]) = (start[i], true);
            }
        }

        return all;
    }

    private static int CheckedCount(IReadOnlyList<Univariate<T>> univariates, int parametersPerFeature)
    {
        ArgumentNullException.ThrowIfNull(univariates);
        ArgumentOutOfRangeException.ThrowIfNegative(parametersPerFeature);
        if (univariates.Count == 0)
            throw new ArgumentException("Expected at least one map, got none.", nameof(univariates));
        var largest = 0;
        foreach (var part in univariates)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(univariates));
            if (part.Features != 0 || part.Parameters.Count > 0)
                throw new ArgumentException($"Expected maps without parameters of their own, got a {part.GetType().Name.Split('`')[0]}.", nameof(univariates));
            largest = Math.Max(largest, part.ParametersPerFeature);
        }

        return parametersPerFeature == 0 || parametersPerFeature >= largest
            ? Math.Max(largest, parametersPerFeature)
            : throw new ArgumentException($"Expected at least {largest} numbers a feature, got {parametersPerFeature}.", nameof(parametersPerFeature));
    }

    private Variable<T> Apply(UnivariateMap<T>[] maps, Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var (y, logSlopes) = (tape.Allocate(x.Columns), tape.Allocate(x.Columns));
        var all = ParametersPerFeature == 0 ? default : raw.Columns(0, ParametersPerFeature);
        for (var j = 0; j < x.Columns; j++)
        {
            using var scope = tape.BeginScope();
            var feature = raw.FeatureIndices[j];
            var parameters = default(Variable<T>);
            if (_taken[feature].Length > 0)
            {
                parameters = _gathers[feature] is { } gather
                    ? gather.Apply(tape.Slice(all, j * ParametersPerFeature, ParametersPerFeature))
                    : tape.Slice(all, j * ParametersPerFeature, _taken[feature].Length);
            }

            maps[feature].ApplyInto(tape, tape.Slice(x, j, 1), parameters, tape.Slice(y, j, 1), tape.Slice(logSlopes, j, 1));
        }

        logSlope = logSlopes;
        return y;
    }

    private Domain ProductOf(int features, Func<Univariate<T>, Axis> axisOf)
    {
        CheckFeatures(features, nameof(features));
        return FlowCore.Transforms.Domain.Of([.. _univariates.Select(axisOf)]);
    }
}
