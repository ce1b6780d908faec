using System.Numerics;

namespace FlowCore.Compute;

/// <summary>A mean of Inner Möbius maps of the circle (see <see cref="MoebiusFormula{V, T}"/>): angle a, numbers b; c receives the image and ln of the slope.</summary>
internal readonly struct MoebiusMixture<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var sine = MoebiusFormula<V, T>.Half(a.Load(0), out var cosine);
        c.Store(0, MoebiusFormula<V, T>.Value(sine, cosine, b, shape.Inner));
        c.Store(1, V.Log(MoebiusFormula<V, T>.Slope(sine, cosine, b, shape.Inner, out _, out _)));
    }
}
