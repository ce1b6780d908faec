namespace FlowCore.Continuous;

/// <summary>Where the points of a continuous flow live.</summary>
public enum FlowSpace
{
    /// <summary>D real numbers; the noise is normal.</summary>
    Euclidean,

    /// <summary>Unit vectors of D coordinates, the sphere of dimension D − 1; the noise is uniform, densities are those against its area.</summary>
    Sphere,

    /// <summary>D angles in [−π, π]; the noise is uniform.</summary>
    Torus,
}
