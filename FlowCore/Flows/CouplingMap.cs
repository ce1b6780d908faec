namespace FlowCore.Flows;

/// <summary>τ, by which a coupling layer transforms the features that do not pass.</summary>
public enum CouplingMap
{
    /// <summary>s x + t: Real NVP.</summary>
    Affine,

    /// <summary>x + t: NICE. A flow of it alone keeps volumes.</summary>
    Additive,

    /// <summary>A rational-quadratic spline: the coupling form of the neural spline flow.</summary>
    RationalQuadratic,
}
