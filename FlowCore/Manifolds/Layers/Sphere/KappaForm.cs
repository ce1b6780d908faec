namespace FlowCore.Manifolds;

/// <summary>How the concentration κ of a zoom follows from raw numbers.</summary>
internal enum KappaForm
{
    /// <summary>e^l + κ_0.</summary>
    Exponential,

    /// <summary>softplus(l) + κ_0.</summary>
    Softplus,

    /// <summary>e^(softplus(l) + ln κ_0).</summary>
    LogBounded,

    /// <summary>The length of the direction of the rotation.</summary>
    Direction,

    /// <summary>Its square.</summary>
    DirectionSquared,

    /// <summary>The length of the quaternion's vector.</summary>
    Quaternion,

    /// <summary>Its square.</summary>
    QuaternionSquared,
}
