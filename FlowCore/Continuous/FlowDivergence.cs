namespace FlowCore.Continuous;

/// <summary>How the divergence of a velocity is computed where a flow is trained by maximum likelihood. Densities that are asked for are always exact.</summary>
public enum FlowDivergence
{
    /// <summary>Exact where there are at most 8 features, else the estimate.</summary>
    Automatic,

    /// <summary>One tangent for each feature.</summary>
    Exact,

    /// <summary>Hutchinson's estimate, one tangent: εᵀ (∂v/∂x) ε with random signs ε, drawn once for each row and solve.</summary>
    Hutchinson,
}
