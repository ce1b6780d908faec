using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Statistics;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>The uniform distribution on the unit sphere, in the coordinates of space: ln p(z) = −ln(2 π^(n/2) / Γ(n/2)) against its area, with n coordinates.</summary>
/// <remarks>Drawn as normal numbers divided by their length. The density is constant: whether a point is on the sphere is the transform's to say.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class UniformSphere<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="coordinates">n, at least 2: 3 for the sphere in space.</param>
    public UniformSphere(int coordinates)
        : base(coordinates, [])
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(coordinates, 2);
        LogArea = Math.Log(2) + (coordinates * 0.5 * Math.Log(Math.PI)) - SpecialFunctions.LogGamma(coordinates * 0.5);
    }

    /// <inheritdoc/>
    public static string Kind => "uniform-sphere";

    /// <summary>The logarithm of the area of the sphere.</summary>
    public double LogArea { get; }

    /// <inheritdoc/>
    public override Domain Domain => Domain.Sphere(Features - 1);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new UniformSphere<T>(reader.Size("features"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        if (!z.IsBlock || z.Columns != Features)
            throw new ArgumentException($"Expected a block of {Features} columns, got {OperandChecks.Shape(z)}.", nameof(z));
        return tape.Fill(1, T.CreateTruncating(-LogArea));
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        // A length of zero does not come: the numbers are normal, and the smallest of them is far from the smallest number.
        var length = random.Square().SumColumns().Sqrt();
        return random / length;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
    }
}
