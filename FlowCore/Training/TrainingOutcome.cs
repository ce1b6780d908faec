namespace FlowCore.Training;

/// <summary>How a run ended.</summary>
public enum TrainingOutcome
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The validation loss had stopped improving, or <see cref="TrainingOptions.StopWhen"/> said so.</summary>
    StoppedEarly,

    /// <summary>The caller cancelled it; the checkpoint, where there is one, holds the state to go on from.</summary>
    Cancelled,
}
