using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>Rational-quadratic splines of K bins with bounds, ends and tails that differ from feature to feature, such as angles beside real numbers.</summary>
/// <remarks>
/// As normflows with a list of tails: every feature has 3K + 1 numbers, K widths, K heights and K + 1 slopes, of which one with given
/// ends leaves out the two outer slopes and one with tied ends the last. (There what exceeds its bound becomes 0; here each spline keeps its
/// own tails.) The formulas and the cost are those of <see cref="RationalQuadraticSpline{T}"/>.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MixedSpline<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RationalQuadraticSpline<T>[] _splines;
    private readonly GatherColumnsOperation<T>[] _parameters;
    private readonly SplineOperation<T>[] _forward;
    private readonly SplineOperation<T>[] _inverse;

    /// <summary>Creates the map.</summary>
    /// <param name="splines">The spline of each feature that it transforms; all have the same bins, parametrisation and least slope.</param>
    /// <exception cref="ArgumentException">There is none, or they do not go together.</exception>
    public MixedSpline(IReadOnlyList<RationalQuadraticSpline<T>> splines)
        : base(CountOf(splines))
    {
        _splines = [.. splines];
        _parameters = new GatherColumnsOperation<T>[_splines.Length];
        _forward = new SplineOperation<T>[_splines.Length];
        _inverse = new SplineOperation<T>[_splines.Length];
        for (var j = 0; j < _splines.Length; j++)
        {
            var settings = _splines[j].Settings;
            _forward[j] = new SplineOperation<T>(settings, [0]);
            _inverse[j] = new SplineOperation<T>(settings, [0], inverse: true);

            // Without the first slope where the ends are given.
            var indices = new int[settings.ParametersPerFeature];
            for (var i = 0; i < indices.Length; i++)
                indices[i] = i + (settings.Ends == SplineEnds.Given && i >= 2 * settings.Bins ? 1 : 0);
            _parameters[j] = new GatherColumnsOperation<T>(indices);
        }
    }

    /// <inheritdoc/>
    public static string Kind => "mixed-spline";

    /// <inheritdoc/>
    public override int Features => _splines.Length;

    /// <summary>The spline of each feature.</summary>
    public IReadOnlyList<RationalQuadraticSpline<T>> Splines => _splines;

    /// <inheritdoc/>
    protected internal override string ParameterName => "spline";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new MixedSpline<T>(reader.Parts<RationalQuadraticSpline<T>>("splines"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("splines", _splines);
    }

    /// <summary>Equal sizes and slopes of 1.</summary>
    /// <param name="raw">Receives the parameters.</param>
    protected internal override void Start(Span<double> raw) => _splines[0].Start(raw);

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope) => Map(_forward, x, raw, out logSlope);

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) => Map(_inverse, z, raw, out logSlope);

    internal override Domain DomainOf(int features) => FlowCore.Transforms.Domain.Of([.. _splines.Select(spline => spline.Domain)]);

    internal override Domain CodomainOf(int features) => FlowCore.Transforms.Domain.Of([.. _splines.Select(spline => spline.Codomain)]);

    private Variable<T> Map(SplineOperation<T>[] operations, Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var all = raw.Columns(0, ParametersPerFeature);
        var y = tape.Allocate(raw.Features);
        logSlope = tape.Allocate(raw.Features);
        for (var j = 0; j < raw.Features; j++)
        {
            var feature = raw.FeatureIndices[j];
            var parameters = _parameters[feature].Apply(all.Slice(j * ParametersPerFeature, ParametersPerFeature));
            operations[feature].ApplyInto(x.Slice(j, 1), parameters, y.Slice(j, 1), logSlope.Slice(j, 1));
        }

        return y;
    }

    private static int CountOf(IReadOnlyList<RationalQuadraticSpline<T>> splines)
    {
        ArgumentNullException.ThrowIfNull(splines);
        if (splines.Count == 0)
            throw new ArgumentException("Expected a spline for each feature, got none.", nameof(splines));
        var first = splines[0].Settings;
        foreach (var spline in splines)
        {
            var settings = spline.Settings;
            if (settings.Bins != first.Bins || settings.Parametrization != first.Parametrization || settings.MinimumSlope != first.MinimumSlope)
            {
                throw new ArgumentException(
                    $"Expected splines of {first.Bins} bins, all {first.Parametrization} with the least slope {first.MinimumSlope}, got one of {settings.Bins}, {settings.Parametrization}, {settings.MinimumSlope}.",
                    nameof(splines));
            }
        }

        return (3 * first.Bins) + 1;
    }
}
