namespace FlowCore.Training;

/// <summary>The rate is multiplied by a number after every so many epochs: γ^⌊epoch / period⌋ (torch's StepLR).</summary>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="period">The epochs between two changes, at least 1.</param>
    /// <param name="factor">γ, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public StepSchedule(int period, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        if (!(factor is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Expected a number in (0, 1].");
        Period = period;
        Gamma = factor;
    }

    /// <summary>The epochs between two changes.</summary>
    public int Period { get; }

    /// <summary>γ.</summary>
    public double Gamma { get; }

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"step(period {Period}, factor {Gamma})");

    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ReadOnlySpan<double> state) => Math.Pow(Gamma, point.Epoch / Period);
}
