using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// The adjoint of <see cref="Reflections{V, T, C}"/>: what it kept a, vectors b; the adjoint c of y becomes that of x, and where HasSecond that of the vectors is added to e.
/// </summary>
/// <remarks>
/// Of Y = X − s v (vᵀX) with s = 2 / vᵀv, a = vᵀX and b = vᵀȲ: v̄ −= s (b X + a Ȳ) − s² a b v and X̄ = Ȳ − s b v. Where the squared length counts as a
/// constant there is no s².
/// </remarks>
internal readonly struct ReflectionsAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var size = shape.Columns;
        for (var step = shape.Rows - 1; step >= 0; step--)
        {
            var first = Reflections<V, T, C>.First(shape, step);
            var square = Reflections<V, T, C>.Product(b, first, b, first, size);
            var scale = Reflections<V, T, C>.Scale(square);
            var ofAdjoint = scale * Reflections<V, T, C>.Product(c, 0, b, first, size);
            if (shape.HasSecond != 0)
            {
                var ofArgument = scale * Reflections<V, T, C>.Product(a, step * size, b, first, size);
                var isConstant = V.LessThan(square, Constant<V, T>.Of(Kernels<T>.LeastReflectedSquare));
                var ofVector = V.Select(isConstant, Constant<V, T>.Zero, ofArgument * ofAdjoint);
                for (var i = 0; i < size; i++)
                {
                    var change = V.FusedMultiplyAdd(ofAdjoint, a.Load((step * size) + i), ofArgument * c.Load(i));
                    e.Store(first + i, e.Load(first + i) + V.FusedMultiplyAdd(ofVector, b.Load(first + i), -change));
                }
            }

            for (var i = 0; i < size; i++)
                c.Store(i, V.FusedMultiplyAdd(-ofAdjoint, b.Load(first + i), c.Load(i)));
        }
    }
}
