namespace FlowCore.Training;

/// <summary>The rate is multiplied by a number after every epoch: γ^epoch (torch's ExponentialLR).</summary>
public sealed record ExponentialSchedule : LearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="factor">γ, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public ExponentialSchedule(double factor)
    {
        if (!(factor is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Expected a number in (0, 1].");
        Gamma = factor;
    }

    /// <summary>γ.</summary>
    public double Gamma { get; }

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"exponential(factor {Gamma})");

    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ReadOnlySpan<double> state) => Math.Pow(Gamma, point.Epoch);
}
