namespace FlowCore.Training;

/// <summary>When to end a training before its last epoch: when the validation loss has not improved for a while.</summary>
public sealed record EarlyStopping
{
    /// <summary>Creates the rule.</summary>
    /// <param name="patience">After how many epochs in a row without improvement to stop, at least 1.</param>
    /// <param name="minimumImprovement">By how much the loss must fall below the best one to count as improved, in nats; at least 0.</param>
    /// <param name="rule">What counts as an epoch without improvement.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public EarlyStopping(int patience = 20, double minimumImprovement = 0, EarlyStoppingRule rule = EarlyStoppingRule.FromReference)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        if (!double.IsFinite(minimumImprovement) || minimumImprovement < 0)
            throw new ArgumentOutOfRangeException(nameof(minimumImprovement), minimumImprovement, "Expected a finite number of at least 0.");
        Patience = patience;
        if (!Enum.IsDefined(rule))
            throw new ArgumentOutOfRangeException(nameof(rule), rule, "There is no such rule.");
        MinimumImprovement = minimumImprovement;
        Rule = rule;
    }

    /// <summary>What counts as an epoch without improvement.</summary>
    public EarlyStoppingRule Rule { get; }

    /// <summary>After how many epochs in a row without improvement to stop.</summary>
    public int Patience { get; }

    /// <summary>By how much the loss must fall to count as improved.</summary>
    public double MinimumImprovement { get; }
}
