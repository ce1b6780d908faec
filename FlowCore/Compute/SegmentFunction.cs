namespace FlowCore.Compute;

/// <summary>A function of segments: groups of K neighbouring columns, each row and each group by itself.</summary>
public enum SegmentFunction
{
    /// <summary>ln Σ_k e^x_k, without overflow: one number a segment.</summary>
    LogSumExp,

    /// <summary>The largest number: one number a segment. The adjoint goes to the first of equal ones.</summary>
    Max,

    /// <summary>e^x_k / Σ_j e^x_j, without overflow: K numbers a segment.</summary>
    Softmax,

    /// <summary>x_k − ln Σ_j e^x_j: K numbers a segment.</summary>
    LogSoftmax,

    /// <summary>ln Σ_{j ≤ k} e^x_j, without overflow: K numbers a segment.</summary>
    LogCumulativeSumExp,

    /// <summary>ln Σ_{j ≥ k} e^x_j, without overflow: K numbers a segment.</summary>
    ReverseLogCumulativeSumExp,
}
