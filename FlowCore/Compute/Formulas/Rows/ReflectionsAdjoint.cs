using System.Numerics;
using System.Runtime.CompilerServices;

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
        for (var step = shape.Rows - 1; step >= 0; step--)
            Undo(shape, Reflections<V, T, C>.First(shape, step), step * shape.Columns, a, b, c, e);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Undo(in RowShape shape, int first, int place, C kept, C vectors, C adjoint, C target)
    {
        var square = Constant<V, T>.Zero;
        var (ofArgument, ofAdjoint) = (square, square);
        for (var i = 0; i < shape.Columns; i++)
        {
            var v = vectors.Load(first + i);
            square = V.FusedMultiplyAdd(v, v, square);
            ofArgument = V.FusedMultiplyAdd(v, kept.Load(place + i), ofArgument);
            ofAdjoint = V.FusedMultiplyAdd(v, adjoint.Load(i), ofAdjoint);
        }

        var scale = Reflections<V, T, C>.Scale(square);
        var isConstant = V.LessThan(square, Constant<V, T>.Of(Kernels<T>.LeastReflectedSquare));
        (ofArgument, ofAdjoint) = (scale * ofArgument, scale * ofAdjoint);
        var ofVector = V.Select(isConstant, Constant<V, T>.Zero, ofArgument * ofAdjoint);
        for (var i = 0; i < shape.Columns; i++)
        {
            var (v, dy) = (vectors.Load(first + i), adjoint.Load(i));
            adjoint.Store(i, V.FusedMultiplyAdd(-ofAdjoint, v, dy));
            if (shape.HasSecond == 0)
                continue;
            var change = V.FusedMultiplyAdd(ofAdjoint, kept.Load(place + i), ofArgument * dy);
            target.Store(first + i, target.Load(first + i) + V.FusedMultiplyAdd(ofVector, v, -change));
        }
    }
}
