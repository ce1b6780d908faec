namespace FlowCore.Training;

/// <summary>Where a run is, apart from the weights and the moments: what a checkpoint holds beside them.</summary>
internal sealed class RunState
{
    /// <summary>What tells this run's files from those of every other run, of the same settings too; a resumed run keeps it.</summary>
    public string Identity { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The epoch that is running.</summary>
    public int Epoch { get; set; }

    /// <summary>The steps of it that are done.</summary>
    public int StepOfEpoch { get; set; }

    /// <summary>The steps of the run that are done.</summary>
    public long Step { get; set; }

    /// <summary>The updates that the optimiser has made: a batch without weight makes none.</summary>
    public long Updates { get; set; }

    /// <summary>Whether early stopping has ended the run.</summary>
    public bool Stopped { get; set; }

    /// <summary>Σ weight · loss over the steps of the epoch.</summary>
    public double LossSum { get; set; }

    /// <summary>Σ weight over the steps of the epoch.</summary>
    public double WeightSum { get; set; }

    /// <summary>Σ gradient norm over the steps of the epoch.</summary>
    public double NormSum { get; set; }

    /// <summary>The rows of the epoch so far.</summary>
    public long RowSum { get; set; }

    /// <summary>The rows of the epoch so far that lay outside the support of the model.</summary>
    public long OutsideSum { get; set; }

    /// <summary>Those of the last validation.</summary>
    public long ValidationOutside { get; set; }

    /// <summary>The wall time of the epoch's steps so far, in seconds.</summary>
    public double Seconds { get; set; }

    /// <summary>The rate of the last step.</summary>
    public double LearningRate { get; set; }

    /// <summary>The epoch of the lowest validation loss; −1 before the first validation.</summary>
    public int BestEpoch { get; set; } = -1;

    /// <summary>That loss; NaN before the first validation.</summary>
    public double BestLoss { get; set; } = double.NaN;

    /// <summary>The last validation loss; NaN before the first.</summary>
    public double ValidationLoss { get; set; } = double.NaN;

    /// <summary>The loss that early stopping wants to see improved.</summary>
    public double StoppingLoss { get; set; } = double.PositiveInfinity;

    /// <summary>The epochs in a row without improvement.</summary>
    public int BadEpochs { get; set; }

    /// <summary>The mean loss of a few fixed rows, by which a checkpoint recognises the model and the data; NaN where it is not known.</summary>
    public double Probe { get; set; } = double.NaN;

    /// <summary>What the schedule remembers.</summary>
    public double[] Schedule { get; set; } = [];
}
