using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = ln u − ln(1 − u) with u = α + (1 − 2α) x: ln ∂z/∂x = ln(1 − 2α) − ln u − ln(1 − u). It takes (0, 1), or with α &gt; 0 a little more, to the real line.</summary>
/// <remarks>
/// Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", section 4.1: pixels of [0, 1] with α = 0.05 stay away from the poles. x lives where u is between 0 and 1, from
/// −α / (1 − 2α) to 1 + α / (1 − 2α). Two functions a number in either direction. For an interval of each feature's own take <see cref="Box{T}"/>.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Logit<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="alpha">α in [0, ½).</param>
    /// <exception cref="ArgumentOutOfRangeException">α is out of range.</exception>
    public Logit(double alpha = 0)
        : base(parametersPerFeature: 0)
    {
        if (alpha is not (>= 0 and < 0.5))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, $"Expected α in [0, ½), got {alpha}.");
        Alpha = alpha;
        Domain = Axis.Interval(-alpha / Scale, 1 + (alpha / Scale));
    }

    /// <inheritdoc/>
    public static string Kind => "logit";

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public override Axis Domain { get; }

    private double Scale => 1 - (2 * Alpha);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Logit<T>(reader.Number("alpha"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("alpha", Alpha);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(x, Domain, out var outside);
        var z = Sigmoid<T>.LogOdds(Alpha == 0 ? inside : (inside * T.CreateTruncating(Scale)) + T.CreateTruncating(Alpha), out var logarithm);
        logSlope = OpenAxis.Mark(outside, logarithm + T.CreateTruncating(Math.Log(Scale)));
        return z;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = Sigmoid<T>.LogDerivative(z) - T.CreateTruncating(Math.Log(Scale));
        var u = z.Sigmoid();
        return OpenAxis.Round(Alpha == 0 ? u : (u - T.CreateTruncating(Alpha)) / T.CreateTruncating(Scale), Domain);
    }
}
