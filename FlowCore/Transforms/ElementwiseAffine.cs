using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>
/// z_j = x_j·e^s_j + t_j with learnable shift t and log-scale s = a / (1 + |a / ln S|), or s = a without a limit;
/// log|det J| = Σ_j s_j. It starts as the identity.
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ElementwiseAffine<T> : ElementwiseTransform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the transform.</summary>
    /// <param name="features">D.</param>
    /// <param name="name">The prefix of the parameter's name: <c>{name}.shift_scale</c> holds t_0, a_0, t_1, a_1, ...</param>
    /// <param name="slope">S in (0, 1), or 0 for no limit.</param>
    public ElementwiseAffine(int features, string name, double slope = 0)
        : base(
            features,
            new Parameter<T>($"{name}.shift_scale", 1, 2 * features, isVector: true),
            (inverse, positions) => new AffineOperation<T>(Checked(slope), positions, inverse))
    {
        Slope = slope;
        Name = name;
    }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>S, or 0 for no limit.</summary>
    public double Slope { get; }

    /// <inheritdoc/>
    protected internal override Transform<TOther> RecreateCore<TOther>() => new ElementwiseAffine<TOther>(Features, Name, Slope);

    internal static double Checked(double slope) => slope is >= 0 and < 1
        ? slope
        : throw new ArgumentOutOfRangeException(nameof(slope), slope, "Expected a slope in (0, 1), or 0 for no limit.");
}
