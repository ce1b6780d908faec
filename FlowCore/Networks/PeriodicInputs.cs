namespace FlowCore.Networks;

/// <summary>How a network sees an angle, so that its outputs are the same at both ends of the circle.</summary>
public enum PeriodicInputs
{
    /// <summary>As two numbers, sin(πx/B) and cos(πx/B): every function of the point on the circle can be learnt.</summary>
    SineAndCosine,

    /// <summary>As one number w₁ sin(πx/B) + w₂ cos(πx/B) with weights that are trained: normflows. Two points of the circle look alike.</summary>
    WeightedSum,
}
