using FlowCore.Flows;

namespace FlowCore.Continuous;

/// <summary>The settings of a continuous flow.</summary>
public sealed record ContinuousFlowSettings : ReadyMadeFlowSettings
{
    /// <summary>The units of each hidden layer of the velocity.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [128, 128, 128];

    /// <summary>Their activation; a smooth one, or the order of the solver is lost.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.Silu;

    /// <summary>K: the network sees sines and cosines of 2πkt, k = 1 to K, beside t.</summary>
    public int TimeFrequencies { get; init; } = 3;

    /// <summary>The space, the solver, its steps, the divergence in training and the gradient.</summary>
    public ContinuousSettings Solve { get; init; } = new();

    internal override void Check()
    {
        base.Check();
        ArgumentNullException.ThrowIfNull(Solve);
        Solve.Check();
        if (Solve.Space != FlowSpace.Euclidean && Standardization is not null)
            throw Unexpected($"Expected no standardization of points of a {Solve.Space}, got one.");
    }
}
