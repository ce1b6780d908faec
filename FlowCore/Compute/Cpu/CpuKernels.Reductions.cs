using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>Sums over columns and rows, and the logarithm of a sum of exponentials (formulas: <see cref="LogSumExpFormula{V, T}"/>). A lane holds one row.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void SumColumns(in Matrix<T> x, in Matrix<T> y)
    {
        var from = x.Pointer;
        var to = y.Pointer;
        if (!x.IsBlock && x.Rows == 1)
        {
            *to = SumRun(from, x.Columns);
            return;
        }

        var rows = x.PaddedRows;
        var row = 0;
        for (; row <= rows - V.Count; row += V.Count)
            SumColumnsOfRows<WholeAccess<V, T>>(from + row, x.Stride, x.Columns, to + row, V.Count);
        if (row < rows)
            SumColumnsOfRows<PartialAccess<V, T>>(from + row, x.Stride, x.Columns, to + row, rows - row);
    }

    public override void SumRows(in Matrix<T> x, in Matrix<T> y)
    {
        for (var column = 0; column < x.Columns; column++)
            *y.Column(column) = SumRun(x.Column(column), x.Rows);
    }

    public override void LogSumExp(in Matrix<T> x, in Matrix<T> y)
    {
        var from = x.Pointer;
        var to = y.Pointer;
        var rows = x.PaddedRows;
        var row = 0;
        for (; row <= rows - V.Count; row += V.Count)
            LogSumExpOfRows<WholeAccess<V, T>>(from + row, x.Stride, x.Columns, to + row, V.Count);
        if (row < rows)
            LogSumExpOfRows<PartialAccess<V, T>>(from + row, x.Stride, x.Columns, to + row, rows - row);
    }

    public override void LogSumExpAdjoint(in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx)
    {
        var argument = x.Pointer;
        var result = y.Pointer;
        var from = dy.Pointer;
        var to = dx.Pointer;
        var rows = x.PaddedRows;
        var row = 0;
        for (; row <= rows - V.Count; row += V.Count)
            LogSumExpAdjointOfRows<WholeAccess<V, T>>(argument + row, x.Stride, x.Columns, result + row, from + row, to + row, dx.Stride, V.Count);
        if (row < rows)
            LogSumExpAdjointOfRows<PartialAccess<V, T>>(argument + row, x.Stride, x.Columns, result + row, from + row, to + row, dx.Stride, rows - row);
    }

    public override void BroadcastAdd(in Matrix<T> dy, in Matrix<T> dx)
    {
        // The adjoint of a sum over the columns has as many rows as the argument and one column; that of a sum over
        // the rows is shared and counts for valid rows only, since padding must keep adjoint zero.
        var overColumns = dy.IsBlock == dx.IsBlock && dy.Rows == dx.Rows && dy.Columns == 1;
        if (overColumns)
        {
            for (var column = 0; column < dx.Columns; column++)
                Copy(dy, dx.Slice(column, 1), accumulate: true);
            return;
        }

        for (var column = 0; column < dx.Columns; column++)
        {
            var summand = V.Create(*dy.Column(column));
            var to = dx.Column(column);
            var i = 0;
            for (; i <= dx.Rows - V.Count; i += V.Count)
                V.Store(V.Load(to + i) + summand, to + i);
            if (i < dx.Rows)
                V.StorePartial(V.LoadPartial(to + i, dx.Rows - i) + summand, to + i, dx.Rows - i);
        }
    }

    // The sum of a contiguous run: lane k adds the numbers at k, k + Count, ..., the remainder is a partial register,
    // then the lanes are added. The order depends on the length and the width alone.
    private static T SumRun(T* x, int length)
    {
        var sum = Constant<V, T>.Zero;
        var i = 0;
        for (; i <= length - V.Count; i += V.Count)
            sum += V.Load(x + i);
        if (i < length)
            sum += V.LoadPartial(x + i, length - i);
        return V.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumColumnsOfRows<A>(T* x, int stride, int columns, T* y, int count)
        where A : struct, IAccess<V, T>
    {
        var sum = A.Load(x, count);
        for (var column = 1; column < columns; column++)
        {
            x += stride;
            sum += A.Load(x, count);
        }

        A.Store(sum, y, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogSumExpOfRows<A>(T* x, int stride, int columns, T* y, int count)
        where A : struct, IAccess<V, T>
    {
        var from = x;
        var largest = A.Load(from, count);
        for (var column = 1; column < columns; column++)
        {
            from += stride;
            largest = V.Max(largest, A.Load(from, count));
        }

        var shift = LogSumExpFormula<V, T>.Shift(largest);
        var sum = Constant<V, T>.Zero;
        for (var column = 0; column < columns; column++, x += stride)
            sum += V.Exp(A.Load(x, count) - shift);
        A.Store(LogSumExpFormula<V, T>.Value(shift, sum), y, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogSumExpAdjointOfRows<A>(T* x, int stride, int columns, T* y, T* dy, T* dx, int adjointStride, int count)
        where A : struct, IAccess<V, T>
    {
        var shift = LogSumExpFormula<V, T>.Shift(A.Load(y, count));
        var adjoint = A.Load(dy, count);
        for (var column = 0; column < columns; column++, x += stride, dx += adjointStride)
            A.Store(LogSumExpFormula<V, T>.Adjoint(A.Load(x, count), shift, adjoint, A.Load(dx, count)), dx, count);
    }
}
