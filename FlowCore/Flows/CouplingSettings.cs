using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>What the flows of coupling layers have in common: the layer. The defaults are zuko's, but for the start.</summary>
public abstract record CouplingSettings : StackedFlowSettings
{
    /// <summary>τ.</summary>
    public CouplingMap Map { get; init; }

    /// <summary>The scale of affine maps.</summary>
    public AffineSettings Affine { get; init; } = new() { Slope = 1e-3 };

    /// <summary>The constants of splines.</summary>
    public SplineSettings Spline { get; init; } = new(8);

    /// <summary>The units of each hidden layer of every network.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>How many residual blocks a network has, all of the one hidden size that is given, as nflows' ResidualNet; 0 for a multilayer perceptron.</summary>
    public int ResidualBlocks { get; init; }

    /// <summary>The activation of the networks.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;

    /// <summary>How the outputs of the networks follow each other.</summary>
    public ParameterOrder Order { get; init; }

    /// <summary>Whether an <see cref="ActNorm{T}"/> stands in front of each coupling; it starts from data.</summary>
    public bool ActNorm { get; init; }

    /// <summary>Whether couplings start as the identity, rather than with fresh last layers as in the libraries.</summary>
    public bool StartsAtIdentity { get; init; } = true;

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        if (Features < 2)
            throw Unexpected($"Expected at least 2 features, one to pass and one to change, got {Features}.");
        if (!Enum.IsDefined(Map))
            throw Unexpected($"Expected a map of the list, got {Map}.");
        if (ResidualBlocks < 0 || (ResidualBlocks > 0 && HiddenSizes.Count != 1))
            throw Unexpected($"Expected 0 or more residual blocks, with one hidden size, got {ResidualBlocks} with {HiddenSizes.Count}.");
    }
}
