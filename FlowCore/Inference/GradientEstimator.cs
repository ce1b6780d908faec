namespace FlowCore.Inference;

/// <summary>How the gradient of a divergence between a flow q and a target p̃ is estimated from draws of q.</summary>
public enum GradientEstimator
{
    /// <summary>
    /// The slope of ln q − ln p̃ in x, carried through the draw: (∂ₓ ln q − ∂ₓ ln p̃)ᵀ ∂θ x. The score term, whose mean is 0, is left out, so the noise vanishes where q = p
    /// (Roeder, Wu and Duvenaud 2017). Reverse KL; seeks modes; twice the cost of <see cref="Total"/>.
    /// </summary>
    Path,

    /// <summary>The whole derivative of ln q(x) − ln p̃(x) for x = f⁻¹(z). Reverse KL; noisier near the optimum.</summary>
    Total,

    /// <summary>(l − b) ∇θ ln q(x) at fixed x, l = ln q − ln p̃ and b the mean l of the other rows (Kool, van Hoof and Welling 2019). Reverse KL; for targets without a gradient.</summary>
    Score,

    /// <summary>−Σ w̃ ∇θ ln q(x) at fixed x with w̃ ∝ p̃/q summing to 1. Forward KL without draws of p; covers what q reaches. It needs an effective share of a few percent.</summary>
    SelfNormalised,

    /// <summary>As <see cref="SelfNormalised"/> with w̃ ∝ (p̃/q)²: the gradient of ln ∫ p²/q (Midgley et al. 2023). Covers modes still more strongly, and is noisier.</summary>
    Alpha2,
}
