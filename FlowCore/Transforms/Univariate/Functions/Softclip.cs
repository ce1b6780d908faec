using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = x / (1 + |x / B|), from the real line to (−B, B): ln ∂z/∂x = −2 ln(1 + |x / B|).</summary>
/// <remarks>
/// As in zuko, which puts it with B = 11 in front of maps that search a bounded range. The inverse is z / (1 − |z / B|). One function and a division a number in either
/// direction; algebraic tails, so far less is lost at the ends than with <see cref="Tanh{T}"/>.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Softclip<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="bound">B, positive.</param>
    /// <param name="isOnto">
    /// Whether it counts as reaching the whole line, so that it may stand in front of a map of the line: what little noise that map has beyond B then has no origin, and is told
    /// by a log-derivative of −∞.
    /// </param>
    /// <exception cref="ArgumentException">The bound is out of range.</exception>
    public Softclip(double bound = 5, bool isOnto = false)
        : base(parametersPerFeature: 0)
    {
        if (!double.IsFinite(bound) || bound <= 0)
            throw new ArgumentOutOfRangeException(nameof(bound), bound, $"Expected a positive bound, got {bound}.");
        ConstantRange.CheckDivisor<T>(bound, "The bound", nameof(bound));
        Bound = bound;
        IsOnto = isOnto;
    }

    /// <inheritdoc/>
    public static string Kind => "softclip";

    /// <summary>B.</summary>
    public double Bound { get; }

    /// <summary>Whether it counts as reaching the whole line.</summary>
    public bool IsOnto { get; }

    /// <inheritdoc/>
    public override Axis Codomain => IsOnto ? Axis.Real : Reached;

    private Axis Reached => Axis.Interval(-Bound, Bound);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Softclip<T>(reader.Number("bound"), reader.Flag("onto"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("bound", Bound);
        writer.Write("onto", IsOnto);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var size = (x / T.CreateTruncating(Bound)).Abs();
        logSlope = size.Log1p() * T.CreateTruncating(-2);
        return OpenAxis.Round(x / (size + T.One), Reached);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(z, Reached, out var outside);
        var size = (inside / T.CreateTruncating(Bound)).Abs();
        logSlope = OpenAxis.Mark(outside, (-size).Log1p() * T.CreateTruncating(-2));
        return inside / (T.One - size);
    }
}
