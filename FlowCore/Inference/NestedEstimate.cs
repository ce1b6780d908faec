namespace FlowCore.Inference;

/// <summary>An estimate whose inner mean is one of finitely many numbers: it is biased by about 1/M, so it comes for M and for 4M.</summary>
/// <param name="Coarse">With M inner rows.</param>
/// <param name="Fine">With 4M inner rows.</param>
/// <param name="Inner">M.</param>
public sealed record NestedEstimate(Estimate Coarse, Estimate Fine, int Inner)
{
    /// <summary>What is left where a bias of exactly 1/M is taken out: (4 fine − coarse) / 3.</summary>
    public double Extrapolated => ((4 * Fine.Value) - Coarse.Value) / 3;
}
