using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = x + B modulo 2B on the circle [−B, B): half a turn, ln ∂z/∂x = 0.</summary>
/// <remarks>
/// As in zuko's circular flows, between two layers: what lay where the circle is cut comes to the middle. It is its own inverse on the circle. Arguments are taken modulo 2B, as angles are: a
/// number beyond one turn is the point of the circle that it leads to. A few operations a number.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class CircularShift<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="bound">B, positive: half the turn.</param>
    /// <exception cref="ArgumentException">The bound is out of range.</exception>
    public CircularShift(double bound = Math.PI)
        : base(parametersPerFeature: 0)
    {
        if (!double.IsFinite(bound) || bound <= 0)
            throw new ArgumentOutOfRangeException(nameof(bound), bound, $"Expected a positive bound, got {bound}.");
        ConstantRange.Check<T>(bound, "The bound", nameof(bound));
        Bound = bound;
    }

    /// <inheritdoc/>
    public static string Kind => "circular-shift";

    /// <summary>B.</summary>
    public double Bound { get; }

    /// <inheritdoc/>
    public override Axis Domain => Axis.Circle(-Bound, Bound);

    /// <inheritdoc/>
    public override Axis Codomain => Axis.Circle(-Bound, Bound);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new CircularShift<T>(reader.Number("bound"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("bound", Bound);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = x.Tape!;
        var bound = T.CreateTruncating(Bound);

        // What is within one turn is left as it is, to the last bit; both ends are points of the circle.
        var beyond = tape.Constant(bound).Less(x.Abs());
        var angle = beyond.Where(CircleWrap.Apply(x, -Bound, Bound), x);
        logSlope = default;
        return angle.Less(tape.Constant(T.Zero)).Where(angle + bound, angle - bound);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) => Forward(z, raw, out logSlope);
}
