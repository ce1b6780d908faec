using System.Numerics;

namespace FlowCore.Gpu;

/// <summary>Uniform numbers of (0, 1).</summary>
internal readonly struct UniformNumber<V, T> : IRandomNumber<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Number(uint word0, uint word1, uint word2, uint word3, int place) => V.Uniform(word0, word1, word2, word3, place);
}
