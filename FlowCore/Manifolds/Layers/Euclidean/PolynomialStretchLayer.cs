using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>A rotation, then T softened powers of every feature: y ← w1 q (q² + δ²)^{(k − 1)/2} + m1 with q = (y − m2)/w2.</summary>
/// <remarks>
/// For δ = 0 it is sign(q) |q|^k, the inverse of the stretch sign(u) |u|^{1/k} that jammy_flows had. There the density is infinite or 0 where q = 0, unless
/// k = 1; δ &gt; 0 makes the slope w1/w2 (q² + δ²)^{(k − 3)/2} (k q² + δ²), which is positive and finite. k = e^(M − 2M σ(raw)) with M the largest ln k, and
/// w1, w2 are from 0.01 to 10.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class PolynomialStretchLayer<T> : EuclideanLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LeastWidth = 0.01;
    private const double WidthRange = 9.99;

    private readonly HouseholderRotation<T> _rotation;
    private readonly int _transforms;
    private readonly double _softening;
    private readonly double _largestLog;

    /// <summary>Sets the parts.</summary>
    /// <param name="manifold">R^D.</param>
    /// <param name="hasOffset">Whether there is b.</param>
    /// <param name="rotation">The rotation.</param>
    /// <param name="transforms">T.</param>
    /// <param name="softening">δ.</param>
    /// <param name="largestLog">M.</param>
    public PolynomialStretchLayer(Manifold manifold, bool hasOffset, HouseholderRotation<T> rotation, int transforms, double softening, double largestLog)
        : base(
            manifold, hasOffset,
            [rotation.Array, .. ((string[])["log_widths1", "log_widths2", "means1", "means2", "log_exponent"]).Select(name => new LayerArray(name, transforms, manifold.Dimension))])
    {
        _rotation = rotation;
        _transforms = transforms;
        _softening = softening;
        _largestLog = largestLog;
    }

    /// <inheritdoc/>
    protected override Variable<T> EvaluateCentred(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var y = _rotation.Evaluate(x, parameters[FirstOwn]);
        var logs = default(Variable<T>);
        for (var t = _transforms - 1; t >= 0; t--)
        {
            var stretch = StretchOf(parameters, t);
            var q = (y - stretch.OuterCentre) / stretch.OuterWidth;
            y = (stretch.Power(q) * stretch.InnerWidth) + stretch.InnerCentre;
            logs = logs.IsNone ? stretch.LogSlope(q) : logs + stretch.LogSlope(q);
        }

        logDet = logs.SumColumns();
        return y;
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleCentred(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var y = z;
        var logs = default(Variable<T>);
        for (var t = 0; t < _transforms; t++)
        {
            var stretch = StretchOf(parameters, t);
            var q = stretch.Root((y - stretch.InnerCentre) / stretch.InnerWidth);
            y = (q * stretch.OuterWidth) + stretch.OuterCentre;
            logs = logs.IsNone ? stretch.LogSlope(q) : logs + stretch.LogSlope(q);
        }

        logDet = logs.SumColumns();
        return _rotation.Sample(y, parameters[FirstOwn]);
    }

    /// <inheritdoc/>
    protected override void FreshOwn(Span<double> numbers, RandomStream stream)
    {
        _rotation.Fresh(Part(numbers, FirstOwn), stream.Substream(0));
        stream.Substream(1).FillNormal(Part(numbers, FirstOwn + 3));
        stream.Substream(2).FillNormal(Part(numbers, FirstOwn + 4));
    }

    private SoftenedPower<T> StretchOf(in LayerParameters<T> parameters, int transform)
    {
        var first = transform * Dimension;
        var logExponent = T.CreateTruncating(_largestLog) - (parameters.Columns(FirstOwn + 5, first, Dimension).Sigmoid() * T.CreateTruncating(2 * _largestLog));
        return new SoftenedPower<T>(
            Width(parameters.Columns(FirstOwn + 1, first, Dimension)), Width(parameters.Columns(FirstOwn + 2, first, Dimension)),
            parameters.Columns(FirstOwn + 3, first, Dimension), parameters.Columns(FirstOwn + 4, first, Dimension), logExponent.Exp(), _softening);
    }

    private static Variable<T> Width(Variable<T> raw) => (raw.Sigmoid() * T.CreateTruncating(WidthRange)) + T.CreateTruncating(LeastWidth);
}
