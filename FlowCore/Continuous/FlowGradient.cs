namespace FlowCore.Continuous;

/// <summary>How a solve is differentiated.</summary>
public enum FlowGradient
{
    /// <summary>The steps are differentiated as they were computed; each is computed anew when it is walked back, so the memory is that of one step and of the states between them.</summary>
    Discrete,

    /// <summary>
    /// The adjoint equation is solved backwards with the same steps: no state is kept. Its gradient is that of the equation, not of the steps, from which it differs by their
    /// error (Chen et al. 2018, "Neural ordinary differential equations").
    /// </summary>
    Adjoint,
}
