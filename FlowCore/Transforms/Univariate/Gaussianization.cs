using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = Φ⁻¹(1/K Σ_k Φ(t_k)) with t_k = e^{a_k} x + b_k: the distribution function of a mixture of K normals, brought to normal noise.</summary>
/// <remarks>
/// <para>
/// Chen and Gopinath 2000, "Gaussianization", section 3; Meng et al. 2020, "Gaussianization flows", section 3.2; raw parameters as in zuko: K shifts b, then K log-scales a.
/// ln ∂z/∂x = ln 1/K Σ_k e^{a_k − t_k²/2} + z²/2.
/// </para>
/// <para>
/// The smaller one of both tails is averaged, and in logarithms, so z is finite and exact where Φ underflows. K evaluations of Φ a number. The inverse is solved
/// for, between the least and the largest (z − b_k) e^{−a_k}; each component alone would map there. With K large enough and rotations between, such maps are universal.
/// </para>
/// <para>
/// <see cref="Squeeze"/> q replaces the mean P of zuko's files by q/2 + (1 − q) P. Then |z| stays below −Φ⁻¹(q/2), 4.89 for q = 1e-6, so a flow that ends so has q of the noise to
/// spare: in the inverse, a number beyond has log-derivative −∞.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Gaussianization<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // By how much a fresh map's components are apart, as a share of the quantiles of the normal distribution; 0 would leave them equal for ever.
    private const double FreshSpread = 0.5;

    /// <summary>Creates the map.</summary>
    /// <param name="components">K, at least 1.</param>
    /// <param name="squeeze">q, in [0, 1); 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Gaussianization(int components = 8, double squeeze = 0)
        : base(checked(2 * components))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        if (squeeze is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(squeeze), squeeze, $"Expected a squeeze in [0, 1), got {squeeze}.");
        Components = components;
        Squeeze = squeeze;
        var end = -Quantile(0.5 * squeeze);
        Codomain = squeeze == 0 ? Axis.Real : Axis.Interval(-end, end) with { IsNearlyReal = true };
    }

    /// <inheritdoc/>
    public static string Kind => "gaussianization";

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>q, 0 for none.</summary>
    public double Squeeze { get; }

    /// <inheritdoc/>
    public override Axis Codomain { get; }

    /// <inheritdoc/>
    protected internal override bool StartsFromData => true;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Gaussianization<T>(reader.Size("components"), reader.Number("squeeze"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("components", Components);
        writer.Write("squeeze", Squeeze);
    }

    /// <summary>Components of equal widths at spread quantiles, so that the mixture has mean 0 and variance 1 and the map is near the identity.</summary>
    /// <param name="raw">Receives 2K numbers.</param>
    protected internal override void Start(Span<double> raw)
    {
        var variance = 1.0;
        for (var k = 0; k < Components; k++)
        {
            raw[k] = -FreshSpread * Quantile((k + 0.5) / Components);
            variance -= raw[k] * raw[k] / Components;
        }

        var scale = 1 / Math.Sqrt(variance);
        for (var k = 0; k < Components; k++)
        {
            raw[k] *= scale;
            raw[Components + k] = Math.Log(scale);
        }
    }

    /// <summary>Components at the quantiles (k + ½)/K of the data, each as wide as the nearer neighbour is away.</summary>
    /// <param name="sorted">The data of a feature.</param>
    /// <param name="raw">Receives 2K numbers.</param>
    protected internal override void StartFrom(ReadOnlySpan<double> sorted, Span<double> raw)
    {
        Span<double> centres = new double[Components];
        for (var k = 0; k < Components; k++)
            centres[k] = Interpolate(sorted, (k + 0.5) / Components);

        // Equal numbers in the data put centres on each other: a width is then a share of the whole.
        var range = Math.Max(sorted[^1] - sorted[0], double.Epsilon);
        var least = Math.Max(1e-3 * range, 1e-12 * (1 + Math.Abs(sorted[0])));
        for (var k = 0; k < Components; k++)
        {
            var left = k > 0 ? centres[k] - centres[k - 1] : double.PositiveInfinity;
            var right = k < Components - 1 ? centres[k + 1] - centres[k] : double.PositiveInfinity;
            var width = Math.Max(Components > 1 ? Math.Min(left, right) : 0.25 * range, least);
            raw[k] = -centres[k] / width;
            raw[Components + k] = -Math.Log(width);
        }
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope) =>
        GaussianizationOperation<T>.Compose(x, raw.Columns(0, Components), raw.Columns(Components, Components), Components, Squeeze, out logSlope);

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        if (Squeeze == 0)
            return base.Inverse(z, raw, out logSlope);

        // Where there is no x, that of 0 is taken and counted as nothing.
        var tape = z.Tape!;
        var hasOrigin = GaussianizationOperation<T>.HasOrigin(z, Squeeze);
        var x = base.Inverse(hasOrigin.Where(z, tape.Constant(T.Zero)), raw, out logSlope);
        logSlope = hasOrigin.Where(logSlope, tape.Constant(T.NegativeInfinity));
        return hasOrigin.Where(x, tape.StopGradient(x));
    }

    /// <inheritdoc/>
    protected internal override Operation<T>? Fuse(int[] positions, bool inverse) => new GaussianizationOperation<T>(Components, Squeeze, positions, inverse);

    /// <inheritdoc/>
    protected internal override void Bracket(Variable<T> z, in RawParameters<T> raw, Variable<T> lower, Variable<T> upper, Variable<T> guess)
    {
        var tape = z.Tape!;
        var target = Squeeze == 0 ? z : Unsqueezed(z);
        var scales = raw.Columns(Components, Components).Exp();
        var distances = target.RepeatColumns(Components) - raw.Columns(0, Components);
        var ends = distances / scales;
        var low = -(-ends).MaxSegments(Components);
        var high = ends.MaxSegments(Components);
        tape.CopyInto(low, lower);
        tape.CopyInto(high, upper);

        // The root of Σ_k t_k = K z: what all components would have if Φ were straight.
        tape.CopyInto(low.Max(high.Min(distances.SumSegments(Components) / scales.SumSegments(Components))), guess);
    }

    // The z that the map without the squeeze has there: from ln P' of the lower tail, ln P = ln((P' − q/2) / (1 − q)).
    private Variable<T> Unsqueezed(Variable<T> z)
    {
        var logTail = (-z.Abs()).LogNormalCdf();
        var excess = logTail - T.CreateTruncating(Math.Log(0.5 * Squeeze));
        return (-(logTail + excess.Log1mexp() - T.CreateTruncating(double.LogP1(-Squeeze))).ProbitOfLog()).CopySign(z);
    }

    private static double Quantile(double p) => LaneMath<ScalarLane<double>, double>.Probit(ScalarLane<double>.Create(p)).Value;

    private static double Interpolate(ReadOnlySpan<double> sorted, double share)
    {
        var position = Math.Clamp((share * sorted.Length) - 0.5, 0, sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
