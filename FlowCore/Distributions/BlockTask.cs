namespace FlowCore.Distributions;

/// <summary>What a <see cref="BlockStream{T}"/> computes of each block.</summary>
internal enum BlockTask
{
    /// <summary>ln p(x).</summary>
    LogDensity,

    /// <summary>z and log|det ∂z/∂x|.</summary>
    ToNoise,

    /// <summary>x and log|det ∂x/∂z|.</summary>
    FromNoise,

    /// <summary>x of fresh noise, and ln p(x).</summary>
    Sample,

    /// <summary>ln p(x) and its gradients.</summary>
    Gradient,

    /// <summary>An <see cref="IBlockMap{T}"/>.</summary>
    Map,
}
