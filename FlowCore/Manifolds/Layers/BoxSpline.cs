using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>A rational-quadratic spline of a box [lo, hi] onto itself, of one number, from raw widths, heights and slopes.</summary>
/// <remarks>
/// <para>
/// Durkan et al. 2019, "Neural Spline Flows". Sizes are the box times m + (1 − K m) softmax(logits), slopes m + softplus(raw). All options of
/// <see cref="BoxSplineSettings"/> make logits and slopes of the raw numbers; the spline itself is the fused <see cref="SplineOperation{T}"/>.
/// </para>
/// <para>
/// Smooth: with sizes w_i, h_i and end slopes a, b the inner slope s is the positive root of A s² + B s − C = 0, by which the second derivatives of both
/// sides agree: K = 2: A = Σ 1/h, B = a/h_1 + b/h_2 − Σ 1/w, C = Σ h/w²; K = 3 with w_3 = w_1, h_3 = h_1, both inner slopes s and both ends a: A = 1/h_1 + 2/h_2,
/// B = a/h_1 − 1/w_1 − 1/w_2; on the circle with both slopes s: 2A s² − B s − C = 0, B = Σ 1/w.
/// </para>
/// <para>Immutable.</para>
/// </remarks>
internal sealed class BoxSpline<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Slopes that are computed go through the softplus and back; so small a minimum is lost in their rounding.
    private const double NoMinimum = 1e-30;

    // e^0.54 and its like: fresh raw sizes, any equal ones.
    private const double FreshSize = 0.54;

    private readonly SplineOperation<T> _forward;
    private readonly SplineOperation<T> _inverse;
    private readonly GatherColumnsOperation<T> _mirror = new([0, 1, 0]);

    public BoxSpline(BoxSplineSettings settings)
    {
        Settings = settings.Checked();
        var isGiven = settings.HasEndSlope && !(settings.IsSmooth && settings.IsCircular);
        var fused = new SplineSettings(settings.Bins)
        {
            Lower = settings.Lower,
            Upper = settings.Upper,
            Parametrization = SplineParametrization.Softmax,
            MinimumWidth = settings.MinimumWidth,
            MinimumHeight = settings.MinimumHeight,
            MinimumSlope = settings.IsSmooth ? NoMinimum : settings.MinimumSlope,
            Ends = isGiven ? SplineEnds.Given : settings.IsCircular ? SplineEnds.Tied : SplineEnds.Free,
            LowerSlope = isGiven ? settings.EndSlope : 1,
            UpperSlope = isGiven ? settings.EndSlope : 1,
            Tails = settings.IsCircular ? SplineTails.Circular : SplineTails.Linear,
        };
        _forward = new SplineOperation<T>(fused, [0]);
        _inverse = new SplineOperation<T>(fused, [0], inverse: true);
    }

    public BoxSplineSettings Settings { get; }

    /// <summary>The spline, or its inverse.</summary>
    /// <param name="x">[rows, 1], a block.</param>
    /// <param name="numbers">The numbers of the fused spline.</param>
    /// <param name="inverse">Which.</param>
    /// <param name="logSlope">ln of the slope in the direction taken, [rows, 1].</param>
    public Variable<T> Apply(Variable<T> x, Variable<T> numbers, bool inverse, out Variable<T> logSlope) =>
        (inverse ? _inverse : _forward).Apply(x, numbers, out logSlope);

    /// <summary>The numbers of the fused spline.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="widths">Raw widths, [rows, W] or shared; "no variable" where there are none.</param>
    /// <param name="heights">Raw heights.</param>
    /// <param name="slopes">Raw slopes.</param>
    public Variable<T> Numbers(Tape<T> tape, Variable<T> widths, Variable<T> heights, Variable<T> slopes) => Numbers(tape, widths, heights, slopes, out _, out _);

    /// <summary>As before, and the sizes as parts of the box where the spline is smooth.</summary>
    public Variable<T> Numbers(
        Tape<T> tape, Variable<T> widths, Variable<T> heights, Variable<T> slopes, out Variable<T> widthParts, out Variable<T> heightParts)
    {
        var widthLogits = Logits(tape, widths, Settings.Logits - Settings.Widths);
        var heightLogits = Logits(tape, heights, Settings.Logits - Settings.Heights);
        if (Settings.IsIndependent)
            heightLogits += widthLogits;
        (widthLogits, heightLogits) = (Shape(widthLogits), Shape(heightLogits));
        (widthParts, heightParts) = (default, default);
        if (Settings.IsSmooth)
        {
            widthParts = Parts(widthLogits, Settings.MinimumWidth);
            heightParts = Parts(heightLogits, Settings.MinimumHeight);
            slopes = Settings.IsCircular ? CircularSlopes(widthParts, heightParts) : InnerSlopes(tape, widthParts, heightParts, slopes);

            // Of a slope s the raw number whose softplus it is: ln(e^s − 1).
            slopes += slopes.Log1mexp();
        }

        return slopes.IsNone ? VariableFunctions.Concatenate(widthLogits, heightLogits) : VariableFunctions.Concatenate(widthLogits, heightLogits, slopes);
    }

    /// <summary>Sets fresh numbers: those of the identity.</summary>
    public void Fresh(Span<double> widths, Span<double> heights, Span<double> slopes)
    {
        if (Settings.IsSmooth)
            return;
        widths.Fill(FreshSize);
        heights.Fill(FreshSize);
        slopes.Fill(Math.Log(double.ExpM1(1 - Settings.MinimumSlope)));
    }

    private static Variable<T> Logits(Tape<T> tape, Variable<T> raw, int zeros)
    {
        if (zeros == 0)
            return raw;
        Span<T> row = stackalloc T[2];
        row.Clear();
        var fixedOnes = tape.Constant(row[..zeros]);
        return raw.IsNone ? fixedOnes : VariableFunctions.Concatenate(fixedOnes, raw);
    }

    // 2σ(l) − 1 = tanh(l/2).
    private Variable<T> Shape(Variable<T> logits)
    {
        if (Settings.IsMirrored)
            logits = _mirror.Apply(logits);
        return Settings.MaxMinRatio > 0 ? (logits * T.CreateTruncating(0.5)).Tanh() * T.CreateTruncating(Settings.LogitBound) : logits;
    }

    private Variable<T> Parts(Variable<T> logits, double minimum) =>
        (logits.SoftmaxSegments(Settings.Bins) * T.CreateTruncating(1 - (Settings.Bins * minimum))) + T.CreateTruncating(minimum);

    private Variable<T> InnerSlopes(Tape<T> tape, Variable<T> widths, Variable<T> heights, Variable<T> raw)
    {
        var isThree = Settings.Bins == 3;
        Variable<T> first, last;
        if (Settings.HasEndSlope)
        {
            first = last = tape.Constant(T.CreateTruncating(Settings.EndSlope));
        }
        else
        {
            var ends = raw.Softplus() + T.CreateTruncating(Settings.MinimumSlope);
            first = ends.Slice(0, 1);
            last = isThree ? first : ends.Slice(1, 1);
        }

        var (overWidths, overHeights) = (widths.Reciprocal(), heights.Reciprocal());
        var (h1, h2) = (overHeights.Slice(0, 1), overHeights.Slice(1, 1));
        var (w1, w2) = (overWidths.Slice(0, 1), overWidths.Slice(1, 1));
        var curvature = (heights.Slice(0, 1) * w1.Square()) + (heights.Slice(1, 1) * w2.Square());
        var inner = isThree
            ? PositiveRoot(h1 + h2 + h2, (first * h1) - w1 - w2, curvature)
            : PositiveRoot(h1 + h2, (first * h1) + (last * h2) - w1 - w2, curvature);
        if (Settings.HasEndSlope)
            return isThree ? VariableFunctions.Concatenate(inner, inner) : inner;
        return isThree ? VariableFunctions.Concatenate(first, inner, inner, last) : VariableFunctions.Concatenate(first, inner, last);
    }

    private static Variable<T> CircularSlopes(Variable<T> widths, Variable<T> heights)
    {
        var (overWidths, overHeights) = (widths.Reciprocal(), heights.Reciprocal());
        var sum = overHeights.SumColumns();
        var slope = PositiveRoot(sum + sum, -overWidths.SumColumns(), (heights * overWidths.Square()).SumColumns());
        return VariableFunctions.Concatenate(slope, slope);
    }

    // The positive root of a s² + b s − c = 0 with a, c > 0, without cancellation.
    private static Variable<T> PositiveRoot(Variable<T> a, Variable<T> b, Variable<T> c)
    {
        var root = (b.Square() + (a * c * T.CreateTruncating(4))).Sqrt();
        var isRising = b.Tape!.Constant(T.Zero).Less(b);
        return isRising.Where(c + c, root - b) / isRising.Where(root + b, a + a);
    }
}
