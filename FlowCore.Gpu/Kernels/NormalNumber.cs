using System.Numerics;

namespace FlowCore.Gpu;

/// <summary>Standard normal numbers.</summary>
internal readonly struct NormalNumber<V, T> : IRandomNumber<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Number(uint word0, uint word1, uint word2, uint word3, int place) => V.Normal(word0, word1, word2, word3, place);
}
