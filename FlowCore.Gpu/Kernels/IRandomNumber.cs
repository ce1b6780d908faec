using System.Numerics;

namespace FlowCore.Gpu;

/// <summary>What a random word is turned into, as a type: kernels are compiled for each.</summary>
internal interface IRandomNumber<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Number <paramref name="place"/> of a block of random words.</summary>
    static abstract T Number(uint word0, uint word1, uint word2, uint word3, int place);
}
