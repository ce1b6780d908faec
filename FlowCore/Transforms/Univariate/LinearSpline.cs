using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A piecewise linear map of K equal bins with θ = K logits: the density of each bin is a softmax.</summary>
/// <remarks>
/// <para>
/// Müller, McWilliams, Rousselle, Gross and Novák 2019, "Neural importance sampling", section 4.1; as nflows' linear spline. On
/// [0, 1], with p = softmax(θ) and k = ⌊K x⌋: z = Σ_{j&lt;k} p_j + p_k (K x − k), ln ∂z/∂x = ln(K p_k). Zeros are the identity.
/// </para>
/// <para>
/// Both directions are closed and cost a few operations on K columns a feature. Any continuous increasing map of the interval is a
/// limit of such ones, but the density has steps: take it where gradients with respect to x do not matter, else a smoother spline. With
/// tails the density steps at the ends as well. nflows' inverse moves the last knot by 10⁻⁶; this one does not.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LinearSpline<T> : BinnedSpline<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="settings">The constants; the least size does not count.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public LinearSpline(BinnedSplineSettings settings)
        : base(Checked(settings), settings.Bins)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "linear-spline";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new LinearSpline<T>(ReadSettings(reader));

    private protected override Variable<T> MapUnit(Variable<T> u, in RawParameters<T> raw, bool inverse, out Variable<T> logSlope)
    {
        var tape = u.Tape!;
        var logits = Scaled(raw.Columns(0, Bins));
        var p = logits.SoftmaxSegments(Bins);
        var bins = T.CreateTruncating(Bins);
        var bin = inverse ? BinOf(u, p) : (u.StopGradient() * bins).Floor().Min(tape.Constant(Numbers[^1]));
        var here = SegmentChoice<T>.At(bin, Numbers);
        var size = here.Of(p);
        var before = SegmentChoice<T>.Before(bin, Numbers).Of(p);
        logSlope = here.Of(logits.LogSoftmaxSegments(Bins)) + T.CreateTruncating(Math.Log(Bins));
        if (!inverse)
            return before + (size * ((u * bins) - bin));
        logSlope = -logSlope;

        // A bin may be too small for its number to have digits; then any position in it is as good.
        size = size.Max(tape.Constant(typeof(T) == typeof(float) ? T.CreateTruncating(1e-18) : T.CreateTruncating(1e-150)));
        return (bin + Position((u - before) / size)) * (T.One / bins);
    }
}
