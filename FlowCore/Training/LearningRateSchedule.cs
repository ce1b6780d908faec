namespace FlowCore.Training;

/// <summary>How the learning rate goes with the steps: a factor on the optimiser's base rate. Derive from it for one of your own.</summary>
/// <remarks>
/// A schedule is immutable. What it has to remember between epochs is kept by the run, in <see cref="StateLength"/>
/// numbers, and is part of every checkpoint.
/// </remarks>
public abstract record LearningRateSchedule
{
    /// <summary>The settings in one line, the same on every machine: a checkpoint is refused where it differs.</summary>
    public abstract string Description { get; }

    /// <summary>Whether the factor depends on the length of the run, so that a finished run cannot be prolonged.</summary>
    public virtual bool DependsOnLength => false;

    /// <summary>How many numbers the schedule has to remember.</summary>
    public virtual int StateLength => 0;

    /// <summary>The factor of a step.</summary>
    /// <param name="point">The step.</param>
    /// <param name="state">What the schedule remembers.</param>
    /// <returns>A finite factor of at least 0.</returns>
    public abstract double Factor(in SchedulePoint point, ReadOnlySpan<double> state);

    /// <summary>Sets what is remembered at the start of a run; it holds zeros.</summary>
    /// <param name="state">What the schedule remembers.</param>
    public virtual void Start(Span<double> state)
    {
    }

    /// <summary>Takes note of an epoch's loss.</summary>
    /// <param name="loss">The validation loss, or the training loss where there is no validation.</param>
    /// <param name="state">What the schedule remembers.</param>
    public virtual void EpochEnded(double loss, Span<double> state)
    {
    }
}
