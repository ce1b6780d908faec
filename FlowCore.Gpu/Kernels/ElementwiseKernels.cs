using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>Kernels in which a thread has one number: its row is the first index, so neighbouring threads read neighbouring memory.</summary>
internal static class ElementwiseKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y = value.</summary>
    public static void Fill(Index2D index, DeviceMatrix<T> y, T value) => y[index.X, index.Y] = value;

    /// <summary>y = 0 from a row on.</summary>
    public static void ClearFrom(Index2D index, DeviceMatrix<T> y, int firstRow) => y[firstRow + index.X, index.Y] = T.Zero;

    /// <summary>y = x, or y + x.</summary>
    public static void Copy(Index2D index, DeviceOperand<T> x, DeviceMatrix<T> y, int accumulate)
    {
        var value = V.Create(x[index.X, index.Y]);
        if (accumulate != 0)
            value = V.Create(y[index.X, index.Y]) + value;
        y[index.X, index.Y] = V.ToNumber(value);
    }

    /// <summary>y = scale x + shift, or that added to y.</summary>
    public static void ScaleShift(Index2D index, DeviceMatrix<T> x, T scale, T shift, DeviceMatrix<T> y, int accumulate)
    {
        var value = V.FusedMultiplyAdd(V.Create(x[index.X, index.Y]), V.Create(scale), V.Create(shift));
        if (accumulate != 0)
            value = V.Create(y[index.X, index.Y]) + value;
        y[index.X, index.Y] = V.ToNumber(value);
    }

    /// <summary>y = f(x).</summary>
    public static void Unary<F>(Index2D index, DeviceMatrix<T> x, DeviceMatrix<T> y)
        where F : struct, IUnaryFormula =>
        y[index.X, index.Y] = V.ToNumber(F.Value<V, T>(V.Create(x[index.X, index.Y])));

    /// <summary>dx += dy f'(x).</summary>
    public static void UnaryAdjoint<F>(Index2D index, DeviceMatrix<T> x, DeviceMatrix<T> y, DeviceMatrix<T> dy, DeviceMatrix<T> dx)
        where F : struct, IUnaryFormula
    {
        var derivative = F.Derivative<V, T>(V.Create(x[index.X, index.Y]), V.Create(y[index.X, index.Y]));
        dx[index.X, index.Y] = V.ToNumber(V.FusedMultiplyAdd(V.Create(dy[index.X, index.Y]), derivative, V.Create(dx[index.X, index.Y])));
    }

    /// <summary>u = f'(x) v.</summary>
    public static void UnaryTangent<F>(Index2D index, DeviceMatrix<T> x, DeviceMatrix<T> y, DeviceMatrix<T> v, DeviceMatrix<T> u)
        where F : struct, IUnaryFormula
    {
        var derivative = F.Derivative<V, T>(V.Create(x[index.X, index.Y]), V.Create(y[index.X, index.Y]));
        u[index.X, index.Y] = V.ToNumber(derivative * V.Create(v[index.X, index.Y]));
    }

    /// <summary>dx += du (f''(x) v).</summary>
    public static void UnaryCurvature<F>(
        Index2D index, DeviceMatrix<T> x, DeviceMatrix<T> y, DeviceMatrix<T> v, DeviceMatrix<T> du, DeviceMatrix<T> dx)
        where F : struct, IUnaryFormula
    {
        var slope = F.SecondDerivative<V, T>(V.Create(x[index.X, index.Y]), V.Create(y[index.X, index.Y])) * V.Create(v[index.X, index.Y]);
        dx[index.X, index.Y] = V.ToNumber(V.FusedMultiplyAdd(V.Create(du[index.X, index.Y]), slope, V.Create(dx[index.X, index.Y])));
    }

    /// <summary>y = f(a, b).</summary>
    public static void Binary<F>(Index2D index, DeviceOperand<T> a, DeviceOperand<T> b, DeviceMatrix<T> y)
        where F : struct, IBinaryFormula =>
        y[index.X, index.Y] = V.ToNumber(F.Value<V, T>(V.Create(a[index.X, index.Y]), V.Create(b[index.X, index.Y])));

    /// <summary>d += dy f', for an operand of a row for every row: a thread has a row and walks along the columns, as the operand may be repeated over them.</summary>
    public static void BinaryAdjoint<F>(
        Index1D row, DeviceOperand<T> a, DeviceOperand<T> b, DeviceMatrix<T> dy, DeviceOperand<T> d, int columns)
        where F : struct, IPartialDerivative
    {
        for (var column = 0; column < columns; column++)
        {
            var derivative = F.Value<V, T>(V.Create(a[row, column]), V.Create(b[row, column]));
            d[row, column] = V.ToNumber(V.FusedMultiplyAdd(V.Create(dy[row, column]), derivative, V.Create(d[row, column])));
        }
    }

    /// <summary>y = a where the mask is not 0, else b.</summary>
    public static void Select(Index2D index, DeviceOperand<T> mask, DeviceOperand<T> a, DeviceOperand<T> b, DeviceMatrix<T> y)
    {
        var unset = V.Equal(V.Create(mask[index.X, index.Y]), V.Constant(0f, 0.0));
        y[index.X, index.Y] = V.ToNumber(V.Select(unset, V.Create(b[index.X, index.Y]), V.Create(a[index.X, index.Y])));
    }

    /// <summary>d += dy where an operand was taken; a thread has a row and walks along the columns, as the operand may be repeated over them.</summary>
    public static void SelectAdjoint(Index1D row, DeviceOperand<T> mask, int first, DeviceMatrix<T> dy, DeviceOperand<T> d, int columns)
    {
        for (var column = 0; column < columns; column++)
        {
            var taken = Taken(V.Create(mask[row, column]), first, V.Create(dy[row, column]));
            d[row, column] = V.ToNumber(V.Create(d[row, column]) + taken);
        }
    }

    /// <summary>The adjoint where the operand was taken, else zero.</summary>
    public static V Taken(V mask, int first, V adjoint)
    {
        var zero = V.Constant(0f, 0.0);
        var unset = V.Equal(mask, zero);
        return first != 0 ? V.Select(unset, zero, adjoint) : V.Select(unset, adjoint, zero);
    }

    /// <summary>y = column indices[j] of x.</summary>
    public static void Gather(Index2D index, DeviceMatrix<T> x, ArrayView<int> indices, DeviceMatrix<T> y) =>
        y[index.X, index.Y] = x[index.X, indices[index.Y]];

    /// <summary>Column indices[j] of dx += column j of dy; a thread has a row, as an index may come twice.</summary>
    public static void ScatterAdd(Index1D row, DeviceMatrix<T> dy, ArrayView<int> indices, DeviceMatrix<T> dx, int columns)
    {
        for (var column = 0; column < columns; column++)
        {
            ref var to = ref dx[row, indices[column]];
            to = V.ToNumber(V.Create(to) + V.Create(dy[row, column]));
        }
    }

    /// <summary>y = one number of a random stream, normal or uniform; the padding repeats the last row.</summary>
    public static void Random<D>(Index2D index, ulong seed, ulong stream, ulong first, DeviceMatrix<T> y, int rows, int columns)
        where D : struct, IRandomNumber<V, T>
    {
        var row = index.X < rows ? index.X : rows - 1;
        var element = first + ((ulong)row * (ulong)columns) + (ulong)index.Y;
        var perBlock = (ulong)V.NumbersPerBlock;
        var (word0, word1, word2, word3) = FlowCore.Random.Philox4x32.Block(element / perBlock, stream, seed);
        y[index.X, index.Y] = D.Number(word0, word1, word2, word3, (int)(element % perBlock));
    }
}
