namespace FlowCore.Interop;

/// <summary>The univariate maps between which the number of a network's outputs cannot decide.</summary>
public enum StateTransformer
{
    /// <summary>A rational-quadratic spline, as in NSF.</summary>
    Spline,

    /// <summary>A Bernstein polynomial, as in BPF.</summary>
    Bernstein,
}
