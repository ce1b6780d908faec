using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = x on the closed interval [a, b], and nothing outside: ln ∂z/∂x = 0 there and −∞ outside.</summary>
/// <remarks>
/// What passes a coupling of the unit interval, so that the whole layer maps the cube onto itself and layers can follow each other: nflows' splines without tails. Two comparisons a number.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Interval<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="lower">a.</param>
    /// <param name="upper">b, above a.</param>
    /// <exception cref="ArgumentException">The ends are no interval.</exception>
    public Interval(double lower = 0, double upper = 1)
        : base(parametersPerFeature: 0)
    {
        Domain = Axis.Interval(lower, upper);
        ConstantRange.Check<T>(lower, "The lower end", nameof(lower));
        ConstantRange.Check<T>(upper, "The upper end", nameof(upper));
    }

    /// <inheritdoc/>
    public static string Kind => "interval";

    /// <inheritdoc/>
    public override Axis Domain { get; }

    /// <inheritdoc/>
    public override Axis Codomain => Domain;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Interval<T>(reader.Number("lower"), reader.Number("upper"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("lower", Domain.Lower);
        writer.Write("upper", Domain.Upper);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        // The ends are inside, so this is not the open axis of the maps that go to infinity there. NaN is not outside and stays NaN.
        var tape = x.Tape!;
        var outside = x.Less(tape.Constant(T.CreateTruncating(Domain.Lower))) + tape.Constant(T.CreateTruncating(Domain.Upper)).Less(x);
        logSlope = OpenAxis.Mark(outside, tape.Zeros(x.Columns));
        return outside.Where(tape.Constant(T.CreateTruncating(Domain.Inside)), x);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) => Forward(z, raw, out logSlope);
}
