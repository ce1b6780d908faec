using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A τ of its own for each feature: of another kind, or with other constants. Each reads some of the P raw parameters that every feature has.</summary>
/// <remarks>
/// What normflows has where some features are angles and others not, or where splines have different bounds. It costs what the maps cost one by one, so take one
/// τ for all features where one will do.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class FeatureMaps<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Univariate<T>[] _maps;
    private readonly int[][] _columns;
    private readonly GatherColumnsOperation<T>[] _chosen;
    private readonly UnivariateMap<T>[] _forward;
    private readonly UnivariateMap<T>[] _inverse;

    /// <summary>Puts maps side by side.</summary>
    /// <param name="maps">The τ of each feature, with raw parameters, and without parameters of their own.</param>
    /// <param name="columns">For each of them which of the P numbers are its raw parameters, in its order.</param>
    /// <param name="parametersPerFeature">P.</param>
    /// <exception cref="ArgumentException">There is no map, one has other parameters, or a number is out of range.</exception>
    public FeatureMaps(IReadOnlyList<Univariate<T>> maps, IReadOnlyList<int[]> columns, int parametersPerFeature)
        : base(parametersPerFeature)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(columns);
        if (maps.Count == 0 || maps.Count != columns.Count)
            throw new ArgumentException($"Expected a map and its columns for each of at least one feature, got {maps.Count} and {columns.Count}.", nameof(maps));
        for (var j = 0; j < maps.Count; j++)
        {
            if (maps[j].Parameters.Count > 0 || maps[j].Features > 0 || maps[j].ParametersPerFeature == 0)
                throw new ArgumentException($"Expected maps with raw parameters and none of their own, got a {maps[j].GetType().Name.Split('`')[0]}.", nameof(maps));
            if (columns[j].Length != maps[j].ParametersPerFeature || columns[j].Any(column => column < 0 || column >= parametersPerFeature))
                throw new ArgumentException($"Expected {maps[j].ParametersPerFeature} columns of {parametersPerFeature} for map {j}, got others.", nameof(columns));
        }

        _maps = [.. maps];
        _columns = [.. columns];
        _chosen = [.. columns.Select(own => new GatherColumnsOperation<T>(own))];
        _forward = [.. maps.Select(map => new UnivariateMap<T>(map, [0], inverse: false))];
        _inverse = [.. maps.Select(map => new UnivariateMap<T>(map, [0], inverse: true))];
    }

    /// <inheritdoc/>
    public static string Kind => "feature-maps";

    /// <inheritdoc/>
    public override int Features => _maps.Length;

    /// <summary>The τ of each feature.</summary>
    public IReadOnlyList<Univariate<T>> Maps => _maps;

    /// <inheritdoc/>
    public override Axis Domain => Same(map => map.Domain);

    /// <inheritdoc/>
    public override Axis Codomain => Same(map => map.Codomain);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var maps = reader.Parts<Univariate<T>>("maps");
        var columns = new int[maps.Count][];
        var all = reader.Integers("columns");
        var start = 0;
        for (var j = 0; j < columns.Length; j++)
        {
            var count = maps[j].ParametersPerFeature;
            if (all.Length - start < count)
                throw new ArgumentException($"Expected columns of {columns.Length} maps, got {all.Length}.", nameof(reader));
            columns[j] = all[start..(start + count)];
            start += count;
        }

        return start == all.Length
            ? new FeatureMaps<T>(maps, columns, reader.Size("parameters"))
            : throw new ArgumentException($"Expected {start} columns, got {all.Length}.", nameof(reader));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("maps", _maps);
        writer.Write("columns", [.. _columns.SelectMany(own => own)]);
        writer.Write("parameters", ParametersPerFeature);
    }

    /// <summary>The starts of all maps; where they share a number they must agree on it, as splines of one kind do.</summary>
    /// <param name="raw">Receives the parameters.</param>
    protected internal override void Start(Span<double> raw)
    {
        for (var j = 0; j < _maps.Length; j++)
        {
            var start = _maps[j].StartOf(1);
            for (var i = 0; i < start.Length; i++)
                raw[_columns[j][i]] = start[i];
        }
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope) => Apply(_forward, x, raw, out logSlope);

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) => Apply(_inverse, z, raw, out logSlope);

    /// <inheritdoc/>
    internal override Domain DomainOf(int features) => Transforms.Domain.Of([.. _maps.Select(map => map.Domain)]);

    /// <inheritdoc/>
    internal override Domain CodomainOf(int features) => Transforms.Domain.Of([.. _maps.Select(map => map.Codomain)]);

    private Variable<T> Apply(UnivariateMap<T>[] maps, Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = x.Tape!;
        var y = tape.Allocate(x.Columns);
        logSlope = tape.Allocate(x.Columns);
        var all = raw.Columns(0, ParametersPerFeature);
        for (var j = 0; j < x.Columns; j++)
        {
            using var scope = tape.BeginScope();
            var feature = raw.FeatureIndices[j];
            var own = _chosen[feature].Apply(all.Slice(j * ParametersPerFeature, ParametersPerFeature));
            maps[feature].ApplyInto(tape, tape.Slice(x, j, 1), own, tape.Slice(y, j, 1), tape.Slice(logSlope, j, 1));
        }

        return y;
    }

    private Axis Same(Func<Univariate<T>, Axis> axisOf) => _maps.All(map => axisOf(map) == axisOf(_maps[0])) ? axisOf(_maps[0]) : Axis.Real;
}
