namespace FlowCore.Training;

/// <summary>The base rate at every step.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Description => "constant";

    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ReadOnlySpan<double> state) => 1;
}
