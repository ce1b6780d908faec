using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = x·e^s + t with θ = (t, a) and log-scale s = a / (1 + |a / ln S|), so that scales lie between S and 1/S; or s = a.</summary>
/// <remarks>
/// Papamakarios, Pavlakou and Murray 2017, "Masked autoregressive flow for density estimation", equation 4; the soft limit of s
/// as in zuko. ln ∂z/∂x = s.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Affine<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="slope">S in (0, 1); 0 for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is out of range.</exception>
    public Affine(double slope = 0)
        : base(parametersPerFeature: 2)
    {
        if (slope is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(slope), slope, "Expected a slope in (0, 1), or 0 for no limit.");
        Slope = slope;
    }

    /// <inheritdoc/>
    public static string Kind => "affine";

    /// <summary>S, or 0 for no limit.</summary>
    public double Slope { get; }

    /// <inheritdoc/>
    protected internal override string ParameterName => "shift_scale";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Affine<T>(reader.Number("slope"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("slope", Slope);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = LogScale(raw[1]);
        return (x * logSlope.Exp()) + raw[0];
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = -LogScale(raw[1]);
        return (z - raw[0]) * logSlope.Exp();
    }

    /// <inheritdoc/>
    protected internal override Operation<T>? Fuse(int[] positions, bool inverse) => new AffineOperation<T>(Slope, positions, inverse);

    private Variable<T> LogScale(Variable<T> a) =>
        Slope == 0 ? a : a / ((a.Abs() * T.CreateTruncating(1 / Math.Abs(Math.Log(Slope)))) + T.One);
}
