namespace FlowCore.Networks;

/// <summary>What a convolution sees beyond the edges of an array.</summary>
public enum ArrayPadding
{
    /// <summary>Zeros: images.</summary>
    Zero,

    /// <summary>The other side: fields in a periodic box, for which the network then commutes with shifts.</summary>
    Periodic,
}
