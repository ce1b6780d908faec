namespace FlowCore.Transforms;

/// <summary>How an <see cref="Affine{T}"/> makes its scale s &gt; 0 of a raw number a.</summary>
public enum AffineScale
{
    /// <summary>s = e^a, or with the limit S of scales e^(a / (1 + |a / ln S|)): zuko, and normflows' "exp".</summary>
    Exponential,

    /// <summary>s = ln(1 + e^a) + m, not above the largest scale where there is one: nflows' masked transforms and its "general" couplings.</summary>
    Softplus,

    /// <summary>s = σ(a + 2) + m: nflows' couplings, normflows' masked transforms, and with m = 0 its "sigmoid_inv".</summary>
    Sigmoid,

    /// <summary>s = 1 / σ(a + 2) = 1 + e^−(a + 2): normflows' "sigmoid".</summary>
    ReciprocalSigmoid,

    /// <summary>s = e^(2k(σ(a) − ½)), between e^−k and e^k: glasflow's "log k".</summary>
    BoundedLog,
}
