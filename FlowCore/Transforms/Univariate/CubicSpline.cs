using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A piecewise cubic map of K bins with continuous slopes: θ = K widths, K heights, and the slopes at both ends.</summary>
/// <remarks>
/// <para>
/// Durkan, Bekasov, Murray and Papamakarios 2019, "Cubic-spline flows"; the slopes at the inner knots are those of Steffen 1990, "A simple
/// method for monotonic interpolation in one dimension"; the parameters are nflows'. On [0, 1] sizes are m + (1 − K m) softmax, s = h / w,
/// the slope at a knot is 2 min(s_{k−1}, s_k, ½ (w_k s_{k−1} + w_{k−1} s_k) / (w_{k−1} + w_k)), at the ends 3 σ(a) s. In a bin,
/// with q = (x − x_k)/w_k and slopes s α and s β at its ends: z = z_k + h_k q (q² + α (1 − q)² + (3 − β) q (1 − q)),
/// ∂z/∂x = s (α (1 − q)² + 2 (3 − α − β) q (1 − q) + β q²): the expanded cubic in a form in which next to nothing cancels.
/// </para>
/// <para>
/// The inverse is solved in the bin to the full precision of the type (the closed root of a cubic loses half of the digits), so it costs
/// some eight evaluations of the polynomial. Universal on the interval as all splines are. With tails the density steps at the ends, as the
/// slopes there are free. The rational-quadratic spline is better in every respect; this one is for files.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class CubicSpline<T> : BinnedSpline<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of K numbers the first and the last, and those on the lower and on the upper side of each inner knot.
    private readonly SegmentGather<T> _below;
    private readonly SegmentGather<T> _above;

    /// <summary>Creates the map.</summary>
    /// <param name="settings">The constants.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public CubicSpline(BinnedSplineSettings settings)
        : base(Checked(settings), (2 * settings.Bins) + 2)
    {
        _below = SegmentGather<T>.Of(settings.Bins, 0, settings.Bins - 1);
        _above = SegmentGather<T>.Of(settings.Bins, 1, settings.Bins - 1);
    }

    /// <inheritdoc/>
    public static string Kind => "cubic-spline";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new CubicSpline<T>(ReadSettings(reader));

    /// <summary>The identity: equal sizes, and σ(−ln 2) = ⅓ for slopes of 1 at the ends.</summary>
    /// <param name="raw">Receives the parameters.</param>
    protected internal override void Start(Span<double> raw) => raw[(2 * Bins)..].Fill(-Math.Log(2));

    private protected override Variable<T> MapUnit(Variable<T> u, in RawParameters<T> raw, bool inverse, out Variable<T> logSlope)
    {
        var widths = Sizes(raw.Columns(0, Bins));
        var heights = Sizes(raw.Columns(Bins, Bins));
        var bin = BinOf(u, inverse ? heights : widths);
        var here = SegmentChoice<T>.At(bin, Numbers);
        var before = SegmentChoice<T>.Before(bin, Numbers);
        var (x0, width, y0, height) = (before.Of(widths), here.Of(widths), before.Of(heights), here.Of(heights));
        EndSlopes(raw, bin, widths, heights, width / height, out var alpha, out var beta);
        var polynomial = new CubicBin<T>(alpha, beta);
        var tape = u.Tape!;
        var logRatio = height.Log() - width.Log();
        if (!inverse)
        {
            var part = polynomial.Evaluate(Position((u - x0) / width), out logSlope);
            logSlope += logRatio;
            return y0 + (height * part);
        }

        // Away from the very end, where the relative precision of a root would be sought among ever smaller numbers.
        var value = Within((u - y0) / height, tape.Constant(T.CreateTruncating(1e-30)), tape.Constant(T.One));
        var position = MonotoneSolver<T>.Solve(polynomial, value, out logSlope);
        logSlope -= logRatio;
        return x0 + (width * position);
    }

    // The slopes at the ends of the bin that was found, relative to its own.
    private void EndSlopes(
        in RawParameters<T> raw, Variable<T> bin, Variable<T> widths, Variable<T> heights, Variable<T> overSlope, out Variable<T> alpha, out Variable<T> beta)
    {
        var slopes = heights / widths;
        var (s0, s1) = (_below.Apply(slopes), _above.Apply(slopes));
        var (w0, w1) = (_below.Apply(widths), _above.Apply(widths));
        var mean = ((w1 * s0) + (w0 * s1)) / (w0 + w1);
        var inner = mean.Min(s0.Min(s1) * T.CreateTruncating(2));

        // The inner slope number k belongs to the upper end of bin k and to the lower one of the next.
        var tape = bin.Tape!;
        var numbers = Numbers[..^1];
        var three = T.CreateTruncating(3);
        alpha = bin.Equal(tape.Constant(T.Zero)).Where(raw[2 * Bins].Sigmoid() * three, SegmentChoice<T>.At(bin - T.One, numbers).Of(inner) * overSlope);
        beta = bin.Equal(tape.Constant(Numbers[^1])).Where(raw[(2 * Bins) + 1].Sigmoid() * three, SegmentChoice<T>.At(bin, numbers).Of(inner) * overSlope);
    }
}
