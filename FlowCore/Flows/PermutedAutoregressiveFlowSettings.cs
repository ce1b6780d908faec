using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>The settings of a permuted autoregressive flow. The defaults are nflows', but for the start.</summary>
public sealed record PermutedAutoregressiveFlowSettings : StackedFlowSettings
{
    /// <summary>The networks.</summary>
    public MadeSettings Network { get; init; } = new() { HiddenSize = 64 };

    /// <summary>The scale of the affine maps and the order of their numbers.</summary>
    public AffineSettings Map { get; init; } = AffineSettings.NflowsMasked;

    /// <summary>Whether the permutation in front of each transform is drawn at random rather than a reversal.</summary>
    public bool RandomPermutations { get; init; }

    /// <summary>Whether a batch normalization stands behind each transform; it starts from data and follows them.</summary>
    public bool BatchNormalization { get; init; }

    /// <summary>Whether the affine maps start as the identity, rather than with fresh last layers as in the library.</summary>
    public bool StartsAtIdentity { get; init; } = true;
}
