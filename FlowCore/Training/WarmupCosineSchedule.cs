namespace FlowCore.Training;

/// <summary>The rate rises linearly during the warm-up and then falls to (nearly) zero along half a cosine (Loshchilov and Hutter 2016, without restarts).</summary>
/// <remarks>
/// With W warm-up steps, N steps in all and step s counted from 0: during the warm-up (s + 1) / W, then
/// (1 + cos(π (s − W + 1) / (N − W + 1))) / 2. Every step of the run has a rate above 0. With <see cref="FromZero"/>
/// these are s / W and (1 + cos(π (s − W) / (N − W))) / 2, and 10⁻⁸ from step N on: the first step changes nothing but
/// the moments, as in the factorizable-flow reference.
/// </remarks>
public sealed record WarmupCosineSchedule : LearningRateSchedule
{
    private const double PastTheEnd = 1e-8;

    /// <summary>Creates the schedule.</summary>
    /// <param name="warmupSteps">The steps of the warm-up, at least 0; null for those of one epoch, but at most a tenth of the run unless <paramref name="fromZero"/>.</param>
    /// <param name="fromZero">Whether the first step has rate 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public WarmupCosineSchedule(long? warmupSteps = null, bool fromZero = false)
    {
        if (warmupSteps < 0)
            throw new ArgumentOutOfRangeException(nameof(warmupSteps), warmupSteps, "Expected at least 0 steps.");
        WarmupSteps = warmupSteps;
        FromZero = fromZero;
    }

    /// <summary>The steps of the warm-up; null for those of one epoch.</summary>
    public long? WarmupSteps { get; }

    /// <summary>Whether the first step has rate 0.</summary>
    public bool FromZero { get; }

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant(
        $"warm-up and cosine(warm-up {(WarmupSteps is { } steps ? $"{steps} steps" : "of one epoch")}{(FromZero ? ", from zero" : "")})");

    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ReadOnlySpan<double> state)
    {
        var step = point.Step;
        var total = point.TotalSteps;
        if (FromZero)
        {
            var warmup = WarmupSteps ?? point.StepsPerEpoch;
            if (step < warmup)
                return (double)step / warmup;
            return step < total ? HalfCosine(step - warmup, total - warmup) : PastTheEnd;
        }
        else
        {
            var warmup = WarmupSteps ?? Math.Min(point.StepsPerEpoch, total / 10);
            if (step < warmup)
                return (step + 1.0) / warmup;
            return step < total ? HalfCosine(step - warmup + 1, total - warmup + 1) : PastTheEnd;
        }
    }

    private static double HalfCosine(long step, long steps) => 0.5 * (1 + Math.Cos(Math.PI * step / steps));
}
