namespace Mbank;

/// <summary>mbank's losses.</summary>
internal enum TrainFlowLoss
{
    /// <summary>ll_mse: the mean of (ln p − w + C)².</summary>
    Mean,

    /// <summary>weighted_ll_mse: the same, weighted by w − w_min.</summary>
    Weighted,

    /// <summary>forward_KL: the negative log-likelihood of samples.</summary>
    ForwardDivergence,
}
