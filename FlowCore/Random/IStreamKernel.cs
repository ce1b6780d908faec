namespace FlowCore.Random;

/// <summary>How the four words of one Philox block become consecutive elements of a stream.</summary>
/// <typeparam name="T">Element type.</typeparam>
/// <remarks>
/// Both methods must give the same bits: <see cref="FromSixteenBlocks"/> is <see cref="FromBlock"/> in lanes. They
/// therefore use correctly rounded operations alone (addition, multiplication, division, square root, fused multiply-add).
/// </remarks>
internal interface IStreamKernel<T>
    where T : unmanaged
{
    /// <summary>Elements that one block yields: 4 of 32 bits or 2 of 64 bits.</summary>
    static abstract int ElementsPerBlock { get; }

    /// <summary>Writes <see cref="ElementsPerBlock"/> elements from one block.</summary>
    static abstract void FromBlock(uint word0, uint word1, uint word2, uint word3, ref T destination);

    /// <summary>Writes 16 · <see cref="ElementsPerBlock"/> elements from blocks 0 to 7 and 8 to 15.</summary>
    static abstract void FromSixteenBlocks(in PhiloxLanes first, in PhiloxLanes second, ref T destination);
}
