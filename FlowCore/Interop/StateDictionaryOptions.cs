namespace FlowCore.Interop;

/// <summary>What a state dictionary does not say about its model. The defaults are zuko's and the factorizable reference's.</summary>
public sealed record StateDictionaryOptions
{
    /// <summary>The defaults.</summary>
    public static StateDictionaryOptions Default { get; } = new();

    /// <summary>B: splines act on (−B, B].</summary>
    public double Bound { get; init; } = 5;

    /// <summary>S of splines and affine transforms.</summary>
    public double Slope { get; init; } = 1e-3;

    /// <summary>The activation of a flow's conditioners.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;

    /// <summary>The activation of a residual's networks.</summary>
    public UnaryFunction ResidualActivation { get; init; } = UnaryFunction.Elu;

    /// <summary>q, the damping of a residual's quadratic terms.</summary>
    public double QuadraticDamping { get; init; } = 0.01;

    /// <summary>r, the damping of a residual's cross terms.</summary>
    public double CrossTermDamping { get; init; } = 0.01;

    /// <summary>+1, or −1 for a residual whose log|det J| is counted the other way.</summary>
    public double LogDetSign { get; init; } = 1;
}
