using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Encoders;

/// <summary>The simplest flows behind an encoder: normal distributions whose numbers are linear in the code. They are regressions.</summary>
/// <remarks>Parameters are called <c>head</c>. The encoder's parameters must not belong to a model.</remarks>
public static class GaussianHeads
{
    /// <summary>N(μ(h), 1): its −ln q is ½|y − μ|² and a constant, and its gradients are those of the mean squared error, to the bit.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="encoder">The encoder.</param>
    /// <param name="features">D, the features of y.</param>
    /// <param name="scale">What y is standardised by first; null for nothing.</param>
    /// <returns>The model.</returns>
    public static ConditionalFlow<T> MeanOnly<T>(Network<T> encoder, int features, LocationScale? scale = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Behind(encoder, new Conditional<T>(new Additive<T>(), features, CodesOf(encoder), [], UnaryFunction.Identity, "head"), scale);

    /// <summary>N(μ(h), diag σ²(h)). <see cref="BetaLikelihood{T}"/> helps where means converge slowly.</summary>
    /// <inheritdoc cref="MeanOnly"/>
    public static ConditionalFlow<T> Heteroscedastic<T>(Network<T> encoder, int features, LocationScale? scale = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Behind(encoder, new ConditionalTriangular<T>(features, CodesOf(encoder), [], UnaryFunction.Identity, "head", isDiagonal: true), scale);

    /// <summary>N(μ(h), L(h) L(h)ᵀ).</summary>
    /// <inheritdoc cref="MeanOnly"/>
    public static ConditionalFlow<T> FullCovariance<T>(Network<T> encoder, int features, LocationScale? scale = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Behind(encoder, new ConditionalTriangular<T>(features, CodesOf(encoder), [], UnaryFunction.Identity, "head"), scale);

    private static int CodesOf<T>(Network<T> encoder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (encoder ?? throw new ArgumentNullException(nameof(encoder))).Outputs;

    private static ConditionalFlow<T> Behind<T>(Network<T> encoder, Transform<T> head, LocationScale? scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var transform = scale is null ? head : new Composition<T>(head.Features, new Standardization<T>(scale, "labels"), head);
        return new ConditionalFlow<T>(encoder, new Flow<T>(new StandardNormal<T>(head.Features), transform));
    }
}
