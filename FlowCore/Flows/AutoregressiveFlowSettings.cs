namespace FlowCore.Flows;

/// <summary>What the masked autoregressive flows have in common; the order of the features alternates from transform to transform. The defaults are zuko's.</summary>
public abstract record AutoregressiveFlowSettings : StackedFlowSettings
{
    /// <summary>The units of each hidden layer of every conditioner.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;

    /// <summary>In how many passes the inverse solves the features: 0 for one each, 2 for coupling layers.</summary>
    public int Passes { get; init; }

    /// <summary>Whether the order of the features is drawn at random rather than ascending and descending in turn.</summary>
    public bool RandomOrder { get; init; }

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        if (Passes < 0 || Passes > Features)
            throw Unexpected($"Expected 0 to {Features} passes, got {Passes}.");
    }
}
