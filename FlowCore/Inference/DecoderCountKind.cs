namespace FlowCore.Inference;

/// <summary>The distribution of a count.</summary>
public enum DecoderCountKind
{
    /// <summary>Poisson, of mean and variance m.</summary>
    Poisson,

    /// <summary>Negative binomial, of mean m and variance m + m²/r: a Poisson whose mean fluctuates as a Γ distribution of shape r.</summary>
    NegativeBinomial,
}
