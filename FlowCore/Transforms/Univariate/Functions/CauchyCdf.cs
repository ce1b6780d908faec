using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = ½ + arctan(x) / π, the distribution function of Cauchy's distribution, from the real line to (0, 1): ln ∂z/∂x = −ln π − ln(1 + x²).</summary>
/// <remarks>
/// The angle of the point (−x, 1) divided by π, which keeps the digits of the lower tail, and x² is never formed. The inverse is tan(π (z − ½)), near the ends ∓1 / tan of π times
/// the distance to the end. Take it, inverted, for data with tails as heavy as 1 / x². Two functions a number, in the inverse three.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class CauchyCdf<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public CauchyCdf()
        : base(parametersPerFeature: 0)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "cauchy-cdf";

    /// <inheritdoc/>
    public override Axis Codomain => Axis.Interval(0, 1);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new CauchyCdf<T>();

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = LogDensity(x);
        return OpenAxis.Round(x.Tape!.Constant(T.One).Atan2(-x) * T.CreateTruncating(1 / Math.PI), Codomain);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = z.Tape!;
        var inside = OpenAxis.Take(z, Codomain, out var outside);
        var (half, quarter, pi) = (T.CreateTruncating(0.5), T.CreateTruncating(0.25), T.CreateTruncating(Math.PI));

        // The distance to the nearer end, and that to the middle, are exact where they are used; in the other's part each is held at a quarter.
        var (fromMiddle, fromEnd) = (inside - half, inside.Min(T.One - inside));
        var isMiddle = fromMiddle.Abs().Less(tape.Constant(quarter));
        var middle = (isMiddle.Where(fromMiddle, tape.Constant(quarter)) * pi).Tan();
        var end = (isMiddle.Where(tape.Constant(quarter), fromEnd) * pi).Tan().Reciprocal().CopySign(fromMiddle);
        var x = isMiddle.Where(middle, end);
        logSlope = OpenAxis.Mark(outside, -LogDensity(x));
        return x;
    }

    // 1 + x² as the square of a hypotenuse does not overflow.
    private static Variable<T> LogDensity(Variable<T> x) =>
        (x.Hypot(x.Tape!.Constant(T.One)).Log() * T.CreateTruncating(-2)) - T.CreateTruncating(Math.Log(Math.PI));
}
