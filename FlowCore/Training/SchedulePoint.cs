namespace FlowCore.Training;

/// <summary>Where in a run a step is: what a learning-rate schedule may depend on.</summary>
/// <param name="Step">The step within the run, counted from 0.</param>
/// <param name="StepsPerEpoch">The steps of an epoch.</param>
/// <param name="TotalSteps">The steps of the whole run, if it is not stopped early.</param>
public readonly record struct SchedulePoint(long Step, int StepsPerEpoch, long TotalSteps)
{
    /// <summary>The epoch, counted from 0.</summary>
    public long Epoch => Step / StepsPerEpoch;
}
