namespace FlowCore.Compute;

/// <summary>Bit patterns of IEEE 754 numbers that the lanes use.</summary>
internal static class LaneConstants
{
    /// <summary>The bits of 1.</summary>
    internal const uint OneSingleBits = 0x3F800000;

    /// <inheritdoc cref="OneSingleBits"/>
    internal const ulong OneDoubleBits = 0x3FF0000000000000;

    /// <summary>The distance in bits from √½ to 1.</summary>
    internal const uint SqrtHalfToOneSingle = OneSingleBits - 0x3F3504F3;

    /// <inheritdoc cref="SqrtHalfToOneSingle"/>
    internal const ulong SqrtHalfToOneDouble = OneDoubleBits - 0x3FE6A09E667F3BCD;

    /// <summary>The bits of 2^23, whose last place counts ones.</summary>
    internal const uint TwoTo23Bits = 0x4B000000;

    /// <summary>The bits of 2^52, whose last place counts ones.</summary>
    internal const ulong TwoTo52Bits = 0x4330000000000000;
}
