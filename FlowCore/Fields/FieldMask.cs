namespace FlowCore.Fields;

/// <summary>Which part of a field passes a coupling as it is, to decide how the rest is transformed.</summary>
public enum FieldMask
{
    /// <summary>The pixels of which row + column is even: one colour of a chessboard.</summary>
    EvenPixels,

    /// <summary>The pixels of which row + column is odd.</summary>
    OddPixels,

    /// <summary>The first ⌊C/2⌋ channels.</summary>
    FirstChannels,

    /// <summary>The last ⌊C/2⌋ channels.</summary>
    LastChannels,
}
