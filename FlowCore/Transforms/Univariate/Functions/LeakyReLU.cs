using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = x for x ≥ 0, else s x with a slope s &gt; 0: ln ∂z/∂x = 0 or ln s.</summary>
/// <remarks>
/// The slope jumps at 0, and so does the density. As in nflows, where s = 0.01. A comparison and a product a number in either direction.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LeakyReLU<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="slope">s, positive.</param>
    /// <exception cref="ArgumentException">The slope is out of range.</exception>
    public LeakyReLU(double slope = 0.01)
        : base(parametersPerFeature: 0)
    {
        if (!double.IsFinite(slope) || slope <= 0)
            throw new ArgumentOutOfRangeException(nameof(slope), slope, $"Expected a positive slope, got {slope}.");
        ConstantRange.CheckDivisor<T>(slope, "The slope", nameof(slope));
        Slope = slope;
    }

    /// <inheritdoc/>
    public static string Kind => "leaky-relu";

    /// <summary>s.</summary>
    public double Slope { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new LeakyReLU<T>(reader.Number("slope"));
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
        var negative = x.Less(x.Tape!.Constant(T.Zero));
        logSlope = negative * T.CreateTruncating(Math.Log(Slope));
        return negative.Where(x * T.CreateTruncating(Slope), x);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var negative = z.Less(z.Tape!.Constant(T.Zero));
        logSlope = negative * T.CreateTruncating(-Math.Log(Slope));
        return negative.Where(z / T.CreateTruncating(Slope), z);
    }
}
