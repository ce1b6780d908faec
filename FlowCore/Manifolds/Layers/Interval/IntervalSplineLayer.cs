using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A rational-quadratic spline of the unit interval onto itself; the evaluation is its inverse.</summary>
/// <remarks>
/// Durkan et al. 2019, "Neural Spline Flows". It works on the state u = (x − lo)/(hi − lo), so its raw numbers do not depend on the ends. Both ends are
/// fixed; nothing is clamped.
/// </remarks>
internal sealed class IntervalSplineLayer<T> : ManifoldLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SplineArrays _arrays;
    private readonly BoxSpline<T> _spline;

    public IntervalSplineLayer(Manifold manifold, BoxSplineSettings settings)
        : this(manifold, settings, new SplineArrays(settings))
    {
    }

    private IntervalSplineLayer(Manifold manifold, BoxSplineSettings settings, SplineArrays arrays)
        : base(manifold, arrays.All) => (_arrays, _spline) = (arrays, new BoxSpline<T>(settings));

    /// <inheritdoc/>
    protected internal override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet) =>
        _spline.Apply(x, Numbers(x, parameters), inverse: true, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var x = _spline.Apply(z, Numbers(z, parameters), inverse: false, out var logSlope);
        logDet = -logSlope;
        return x;
    }

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream) => _arrays.Fresh(_spline, numbers);

    private Variable<T> Numbers(Variable<T> x, in LayerParameters<T> parameters) =>
        _spline.Numbers(x.Tape!, _arrays.Widths(parameters), _arrays.Heights(parameters), _arrays.Slopes(parameters));
}
