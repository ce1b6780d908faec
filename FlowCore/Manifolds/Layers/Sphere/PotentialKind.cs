namespace FlowCore.Manifolds;

/// <summary>The potentials of exponential maps.</summary>
internal enum PotentialKind
{
    /// <summary>e^(β(τ − 1))/β.</summary>
    Exponential,

    /// <summary>τ.</summary>
    Linear,

    /// <summary>τ²/2.</summary>
    Quadratic,

    /// <summary>The integral of a rational-quadratic spline of [−1, 1] onto itself.</summary>
    Spline,
}
