namespace FlowCore.Inference;

/// <summary>Which end of the distribution a p-value is of.</summary>
public enum GoodnessOfFitTail
{
    /// <summary>The share of replicas that fit as badly as the observation or worse: small for a bad fit.</summary>
    Lower,

    /// <summary>The share of replicas that fit as well or better: near 1 for a bad fit, small for one that is too good.</summary>
    Upper,
}
