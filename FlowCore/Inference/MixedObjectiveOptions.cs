using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Inference;

/// <summary>What is known beforehand, and how rows without labels count, in a <see cref="MixedObjective{T}"/>.</summary>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed record MixedObjectiveOptions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>p(z_u), of the unobserved latent numbers; null for the standard normal distribution. Its parameters must not belong to a model.</summary>
    public BaseDistribution<T>? LatentPrior { get; init; }

    /// <summary>p(z_o), of the labels, for rows that have none: with it there may be such rows, and data have one nuisance, 1 for rows with labels and 0 for those without. Null where all have labels.</summary>
    public BaseDistribution<T>? LabelPrior { get; init; }

    /// <summary>λ, the weight of a row without labels, at least 0.</summary>
    public double UnlabelledWeight { get; init; } = 1;
}
