namespace FlowCore.Training;

/// <summary>What the rows of a batch are for.</summary>
public enum BatchPurpose
{
    /// <summary>A step of the optimiser.</summary>
    Training,

    /// <summary>The loss on held-out rows: the same rows in every epoch.</summary>
    Validation,
}
