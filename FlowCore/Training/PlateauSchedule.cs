namespace FlowCore.Training;

/// <summary>The rate is multiplied by a number whenever the loss has not improved for a while (torch's ReduceLROnPlateau).</summary>
/// <remarks>The loss is that of the validation, or of the training where there is none.</remarks>
public sealed record PlateauSchedule : LearningRateSchedule
{
    // What is remembered, by position.
    private const int Current = 0;
    private const int Best = 1;
    private const int BadEpochs = 2;
    private const int CooldownLeft = 3;

    /// <summary>Creates the schedule.</summary>
    /// <param name="factor">What the rate is multiplied by, in (0, 1).</param>
    /// <param name="patience">How many epochs without improvement are let pass, at least 0: the next one changes the rate.</param>
    /// <param name="threshold">By how much the loss must fall below the best one to count as improved, at least 0.</param>
    /// <param name="cooldown">Epochs after a change during which none is counted as bad, at least 0.</param>
    /// <param name="minimum">The smallest factor on the base rate, in [0, 1].</param>
    /// <param name="isRelative">Whether the threshold is a share of the size of the best loss, |best|: of a loss below 0 as of one above.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public PlateauSchedule(double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double minimum = 0, bool isRelative = false)
    {
        if (!(factor is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Expected a number in (0, 1).");
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        if (!double.IsFinite(threshold) || threshold < 0)
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Expected a finite number of at least 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(cooldown);
        if (!(minimum is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "Expected a number in [0, 1].");
        Gamma = factor;
        Patience = patience;
        Threshold = threshold;
        Cooldown = cooldown;
        Minimum = minimum;
        IsRelative = isRelative;
    }

    /// <summary>What the rate is multiplied by.</summary>
    public double Gamma { get; }

    /// <summary>How many epochs without improvement are let pass.</summary>
    public int Patience { get; }

    /// <summary>By how much the loss must fall to count as improved.</summary>
    public double Threshold { get; }

    /// <summary>Epochs after a change during which none is counted as bad.</summary>
    public int Cooldown { get; }

    /// <summary>The smallest factor.</summary>
    public double Minimum { get; }

    /// <summary>Whether the threshold is a share of |best|.</summary>
    public bool IsRelative { get; }

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant(
        $"plateau(factor {Gamma}, patience {Patience}, threshold {Threshold}, cooldown {Cooldown}, minimum {Minimum}{(IsRelative ? ", relative" : "")})");

    /// <inheritdoc/>
    public override int StateLength => 4;

    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ReadOnlySpan<double> state) => state[Current];

    /// <inheritdoc/>
    public override void Start(Span<double> state)
    {
        state[Current] = 1;
        state[Best] = double.PositiveInfinity;
        state[BadEpochs] = 0;
        state[CooldownLeft] = 0;
    }

    /// <inheritdoc/>
    public override void EpochEnded(double loss, Span<double> state)
    {
        // No share can be taken of the loss before the first.
        var needed = IsRelative && double.IsFinite(state[Best]) ? Threshold * Math.Abs(state[Best]) : Threshold;
        if (loss < state[Best] - needed)
        {
            state[Best] = loss;
            state[BadEpochs] = 0;
        }
        else
        {
            state[BadEpochs]++;
        }

        if (state[CooldownLeft] > 0)
        {
            state[CooldownLeft]--;
            state[BadEpochs] = 0;
        }

        if (state[BadEpochs] > Patience)
        {
            state[Current] = Math.Max(state[Current] * Gamma, Minimum);
            state[CooldownLeft] = Cooldown;
            state[BadEpochs] = 0;
        }
    }
}
