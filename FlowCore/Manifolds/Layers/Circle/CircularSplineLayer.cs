using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A rational-quadratic spline of the circle onto itself.</summary>
/// <remarks>
/// Rezende et al. 2020, "Normalizing flows on tori and spheres", section 2.1.3. Smooth, of two bins: the first is centred on π and goes to that of its height centred on π,
/// the second on 0, so that 0 and π stay and the map is odd; its second derivative is continuous all around. Else knots begin at φ = 0.
/// </remarks>
internal sealed class CircularSplineLayer<T> : CircleLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SplineArrays _arrays;
    private readonly BoxSpline<T> _spline;
    private readonly bool _isNatural;

    /// <summary>Creates the layer.</summary>
    /// <param name="settings">The constants of the spline; what is said of the box does not count.</param>
    /// <param name="isNatural">Whether the evaluation is the inverse of the spline.</param>
    /// <param name="hasTurn">Whether there is a turn.</param>
    public CircularSplineLayer(BoxSplineSettings settings, bool isNatural, bool hasTurn)
        : this(new SplineArrays(OnCircle(settings), TurnArray(hasTurn)), OnCircle(settings), isNatural, hasTurn)
    {
    }

    private CircularSplineLayer(SplineArrays arrays, BoxSplineSettings settings, bool isNatural, bool hasTurn)
        : base(hasTurn, arrays.All) => (_arrays, _spline, _isNatural) = (arrays, new BoxSpline<T>(settings), isNatural);

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        base.Fresh(numbers, stream);
        _arrays.Fresh(_spline, numbers);
    }

    /// <inheritdoc/>
    protected override Variable<T> EvaluateTurned(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet) =>
        Apply(x, parameters, _isNatural, out logDet);

    /// <inheritdoc/>
    protected override Variable<T> SampleTurned(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var x = Apply(z, parameters, !_isNatural, out var logSlope);
        logDet = -logSlope;
        return x;
    }

    private Variable<T> Apply(Variable<T> x, in LayerParameters<T> parameters, bool inverse, out Variable<T> logSlope)
    {
        var numbers = _spline.Numbers(
            x.Tape!, _arrays.Widths(parameters), _arrays.Heights(parameters), _arrays.Slopes(parameters), out var widths, out var heights);
        if (widths.IsNone)
            return _spline.Apply(x, numbers, inverse, out logSlope);

        // The first knot is half a bin before π: at π − w/2 of the arguments and π − h/2 of the values.
        var (knot, image) = (FirstKnot(widths), FirstKnot(heights));
        return inverse
            ? _spline.Apply(x - image, numbers, inverse, out logSlope) + knot
            : _spline.Apply(x - knot, numbers, inverse, out logSlope) + image;
    }

    private static BoxSplineSettings OnCircle(BoxSplineSettings settings) => settings with { IsCircular = true, Lower = 0, Upper = 2 * Math.PI };

    private static Variable<T> FirstKnot(Variable<T> parts) => (T.One - parts.Slice(0, 1)) * T.Pi;
}
