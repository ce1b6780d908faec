using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A piecewise quadratic map of K bins, whose density is a continuous polygon: θ = K widths, then K − 1 heights at the inner knots, or K + 1 at all knots without tails.</summary>
/// <remarks>
/// <para>
/// Müller, McWilliams, Rousselle, Gross and Novák 2019, "Neural importance sampling", section 4.2; the parameters are nflows'. On [0, 1]
/// widths are w = m + (1 − K m) softmax(θ_w) and heights e = ln(1 + e^θ_v) + 10⁻³, divided by the area under the polygon, then
/// m + (1 − m) e. In bin k, with a = (x − x_k)/w_k: z = z_k + w_k a (e_k + ½ (e_{k+1} − e_k) a), ∂z/∂x = (1 − a) e_k + a e_{k+1}. With
/// tails the outer heights are no parameters: see <see cref="EdgeRule"/>. Zeros are the identity, but for nflows' rule.
/// </para>
/// <para>
/// The inverse is closed: a = 2 (z − z_k) / (w_k (e_k + √(e_k² + 2 (e_{k+1} − e_k)(z − z_k)/w_k))), without 0/0 at equal heights.
/// Universal on the interval as all splines are. The rational-quadratic spline is as flexible and smoother; take this one for a density
/// that is a polygon, or for files.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class QuadraticSpline<T> : BinnedSpline<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LeastHeight = 1e-3;

    // From K widths: the first, the last, and those between. From K − 1 inner heights: those at the lower and the upper ends of
    // the bins between the outer ones, and those of all bins, where a place without one is filled with any.
    private readonly SegmentGather<T> _firstWidth;
    private readonly SegmentGather<T> _lastWidth;
    private readonly SegmentGather<T>? _innerWidths;
    private readonly SegmentGather<T> _firstHeight;
    private readonly SegmentGather<T> _lastHeight;
    private readonly SegmentGather<T>? _innerLow;
    private readonly SegmentGather<T>? _innerHigh;
    private readonly SegmentGather<T> _allLow;
    private readonly SegmentGather<T> _allHigh;
    private readonly T[] _isFirst;
    private readonly T[] _isLast;

    /// <summary>Creates the map.</summary>
    /// <param name="settings">The constants.</param>
    /// <param name="edgeRule">How the outer heights come about where there are tails.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public QuadraticSpline(BinnedSplineSettings settings, EdgeRule edgeRule = EdgeRule.Exact)
        : base(Checked(settings), settings.Tails == SplineTails.None ? (2 * settings.Bins) + 1 : (2 * settings.Bins) - 1)
    {
        if (!Enum.IsDefined(edgeRule))
            throw new ArgumentException($"Expected a rule for the edges, got {edgeRule}.", nameof(edgeRule));
        EdgeRule = edgeRule;
        var bins = settings.Bins;
        _firstWidth = SegmentGather<T>.Of(bins, 0, 1);
        _lastWidth = SegmentGather<T>.Of(bins, bins - 1, 1);
        _firstHeight = SegmentGather<T>.Of(bins - 1, 0, 1);
        _lastHeight = SegmentGather<T>.Of(bins - 1, bins - 2, 1);
        if (bins > 2)
        {
            _innerWidths = SegmentGather<T>.Of(bins, 1, bins - 2);
            _innerLow = SegmentGather<T>.Of(bins - 1, 0, bins - 2);
            _innerHigh = SegmentGather<T>.Of(bins - 1, 1, bins - 2);
        }

        _allLow = new SegmentGather<T>(bins - 1, [0, .. Enumerable.Range(0, bins - 1)]);
        _allHigh = new SegmentGather<T>(bins - 1, [.. Enumerable.Range(0, bins - 1), bins - 2]);
        (_isFirst, _isLast) = (new T[bins], new T[bins]);
        _isFirst[0] = T.One;
        _isLast[^1] = T.One;
    }

    /// <inheritdoc/>
    public static string Kind => "quadratic-spline";

    /// <summary>How the outer heights come about where there are tails.</summary>
    public EdgeRule EdgeRule { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new QuadraticSpline<T>(ReadSettings(reader), reader.Enumeration<EdgeRule>("edge_rule"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        writer.Write("edge_rule", EdgeRule.ToString());
    }

    private protected override Variable<T> MapUnit(Variable<T> u, in RawParameters<T> raw, bool inverse, out Variable<T> logSlope)
    {
        var half = T.CreateTruncating(0.5);
        var widths = Sizes(raw.Columns(0, Bins));
        Heights(raw, widths, out var low, out var high);
        var areas = widths * (low + high) * half;
        var bin = BinOf(u, inverse ? areas : widths);
        var here = SegmentChoice<T>.At(bin, Numbers);
        var before = SegmentChoice<T>.Before(bin, Numbers);
        var (width, e0, e1) = (here.Of(widths), here.Of(low), here.Of(high));
        var (x0, z0) = (before.Of(widths), before.Of(areas));
        if (!inverse)
        {
            var a = Position((u - x0) / width);
            logSlope = ((e0 * (T.One - a)) + (e1 * a)).Log();
            return z0 + (width * a * (e0 + ((e1 - e0) * a * half)));
        }

        // The root is the slope at the solution: not less than the smaller of the heights, which rounding may forget. The derivative does not see the limit,
        // which the root meets exactly at a knot.
        var rise = (u - z0) / width;
        var two = T.CreateTruncating(2);
        var square = e0.Square() + ((e1 - e0) * rise * two);
        var (rounded, least) = (square.StopGradient(), e0.Min(e1).Square().StopGradient());
        var root = (square + (rounded.Max(least) - rounded)).Sqrt();
        var position = Position((rise * two) / (e0 + root));
        logSlope = -((e0 * (T.One - position)) + (e1 * position)).Log();
        return x0 + (width * position);
    }

    // The heights at the lower and at the upper ends of all bins.
    private void Heights(in RawParameters<T> raw, Variable<T> widths, out Variable<T> low, out Variable<T> high)
    {
        var half = T.CreateTruncating(0.5);
        if (Settings.Tails == SplineTails.None)
        {
            low = Height(raw.Columns(Bins, Bins));
            high = Height(raw.Columns(Bins + 1, Bins));
        }
        else
        {
            // An outer height c is what makes the area under the polygon c, so that it is 1 when divided by it. Half of the outer
            // bins' area is ½ w (c + e); nflows takes a half of that.
            var inner = Height(raw.Columns(Bins, Bins - 1));
            var weight = T.CreateTruncating(EdgeRule == EdgeRule.Exact ? 0.5 : 0.25);
            var (first, last) = (_firstWidth.Apply(widths) * weight, _lastWidth.Apply(widths) * weight);
            var area = (first * _firstHeight.Apply(inner)) + (last * _lastHeight.Apply(inner));
            if (_innerWidths is not null)
                area += (_innerWidths.Apply(widths) * (_innerLow!.Apply(inner) + _innerHigh!.Apply(inner)) * half).SumSegments(Bins - 2);
            var edge = (area / (T.One - first - last)).RepeatColumns(Bins);
            var tape = inner.Tape!;
            low = tape.Constant(_isFirst).TileColumns(raw.Features).Where(edge, _allLow.Apply(inner));
            high = tape.Constant(_isLast).TileColumns(raw.Features).Where(edge, _allHigh.Apply(inner));
        }

        var least = T.CreateTruncating(Settings.MinimumSize);
        var scale = ((T.One - least) / (widths * (low + high) * half).SumSegments(Bins)).RepeatColumns(Bins);
        low = (low * scale) + least;
        high = (high * scale) + least;
    }

    private Variable<T> Height(Variable<T> raw) => Scaled(raw).Softplus() + T.CreateTruncating(LeastHeight);
}
