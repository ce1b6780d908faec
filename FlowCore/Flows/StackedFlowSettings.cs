namespace FlowCore.Flows;

/// <summary>What the ready-made flows of several transforms have in common.</summary>
public abstract record StackedFlowSettings : ReadyMadeFlowSettings
{
    /// <summary>How many transforms follow each other, at least 1.</summary>
    public int Transforms { get; init; } = 3;

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        if (Transforms < 1)
            throw Unexpected($"Expected at least 1 transform, got {Transforms}.");
    }
}
