namespace FlowCore.Networks;

/// <summary>Whose MADE: where activations stand and what the context does in the two libraries that have one.</summary>
public enum MadeFlavour
{
    /// <summary>
    /// nflows: act(W c + b) is added to the first layer, W c + b between the layers of each block; without residual blocks the first
    /// layer has an activation.
    /// </summary>
    Nflows,

    /// <summary>
    /// normflows: W c + b is added to the first layer, the logistic function of W c + b is the gate of each block; without residual blocks
    /// the first layer has no activation and there can be no context.
    /// </summary>
    Normflows,
}
