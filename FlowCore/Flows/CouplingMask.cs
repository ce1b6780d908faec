namespace FlowCore.Flows;

/// <summary>Which features pass in a coupling layer.</summary>
public enum CouplingMask
{
    /// <summary>Every second one, the even ones in the first layer, the odd ones in the next, in turn.</summary>
    Alternating,

    /// <summary>The first half and the second half, in turn.</summary>
    Halves,

    /// <summary>A half of them, drawn for each layer. Two layers in a row may let the same features pass.</summary>
    Random,
}
