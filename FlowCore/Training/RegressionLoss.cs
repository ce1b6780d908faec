namespace FlowCore.Training;

/// <summary>What a regression on values of a log-density minimises; r = ln p(x) − w + C.</summary>
public enum RegressionLoss
{
    /// <summary>The mean of r².</summary>
    Mean,

    /// <summary>The mean of (w − w_min) r², with w_min the least value of all rows: the dense places count more.</summary>
    Weighted,
}
