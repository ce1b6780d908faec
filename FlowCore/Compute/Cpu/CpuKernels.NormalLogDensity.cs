using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The log-density of the diagonal normal distribution (formulas: <see cref="NormalFormula{V, T}"/>). A lane holds one row.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void NormalLogDensity(in Matrix<T> x, in Matrix<T> location, in Matrix<T> scale, in Matrix<T> y)
    {
        // What all rows share is computed once: the reciprocal scales, and the constant −Σ (ln σ + ln(2π)/2) in double.
        var inverse = InverseScales(scale, x.Columns);
        var constant = -x.Columns * NormalFormula<V, T>.HalfLogTwoPi;
        if (!scale.IsEmpty)
        {
            for (var column = 0; column < x.Columns; column++)
                constant -= Math.Log(double.CreateTruncating(*scale.Column(column)));
        }

        var summand = T.CreateTruncating(constant);
        var from = x.Pointer;
        var to = y.Pointer;
        var mean = location.Pointer;
        var rows = x.PaddedRows;
        var row = 0;
        for (; row <= rows - V.Count; row += V.Count)
            NormalLogDensityOfRows<WholeAccess<V, T>>(from + row, x.Stride, x.Columns, mean, inverse, summand, to + row, V.Count);
        if (row < rows)
            NormalLogDensityOfRows<PartialAccess<V, T>>(from + row, x.Stride, x.Columns, mean, inverse, summand, to + row, rows - row);
    }

    public override void NormalLogDensityAdjoint(
        in Matrix<T> x, in Matrix<T> location, in Matrix<T> scale, in Matrix<T> dy, in Matrix<T> dx, in Matrix<T> dlocation, in Matrix<T> dscale)
    {
        // Padding has dy = 0.
        var inverse = InverseScales(scale, x.Columns);
        var rows = x.PaddedRows;
        var from = dy.Pointer;
        for (var column = 0; column < x.Columns; column++)
        {
            var argument = x.Column(column);
            var to = dx.IsEmpty ? null : dx.Column(column);
            var mean = location.IsEmpty ? T.Zero : *location.Column(column);
            var reciprocal = inverse is null ? T.One : inverse[column];
            var byLocation = Constant<V, T>.Zero;
            var byScale = Constant<V, T>.Zero;
            var row = 0;
            for (; row <= rows - V.Count; row += V.Count)
                NormalAdjointOfRows<WholeAccess<V, T>>(argument + row, mean, reciprocal, from + row, to is null ? null : to + row, V.Count, ref byLocation, ref byScale);
            if (row < rows)
                NormalAdjointOfRows<PartialAccess<V, T>>(argument + row, mean, reciprocal, from + row, to is null ? null : to + row, rows - row, ref byLocation, ref byScale);
            if (!dlocation.IsEmpty)
                *dlocation.Column(column) += V.Sum(byLocation) * reciprocal;
            if (!dscale.IsEmpty)
                *dscale.Column(column) += V.Sum(byScale) * reciprocal;
        }
    }

    // 1/σ of each column in scratch memory, or null for ones.
    private T* InverseScales(in Matrix<T> scale, int columns)
    {
        if (scale.IsEmpty)
            return null;
        var inverse = Scratch(columns);
        for (var column = 0; column < columns; column++)
            inverse[column] = T.One / *scale.Column(column);
        return inverse;
    }

    // Shared rows are dense, so number j of the location belongs to column j.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NormalLogDensityOfRows<A>(T* x, int stride, int columns, T* location, T* inverse, T constant, T* y, int count)
        where A : struct, IAccess<V, T>
    {
        var sum = Constant<V, T>.Zero;
        for (var column = 0; column < columns; column++, x += stride)
        {
            var z = A.Load(x, count);
            if (location is not null)
                z -= V.Create(location[column]);
            if (inverse is not null)
                z *= V.Create(inverse[column]);
            sum = V.FusedMultiplyAdd(z, z, sum);
        }

        A.Store(NormalFormula<V, T>.Value(sum, V.Create(constant)), y, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NormalAdjointOfRows<A>(
        T* x, T location, T reciprocal, T* dy, T* dx, int count, ref V byLocation, ref V byScale)
        where A : struct, IAccess<V, T>
    {
        var factor = V.Create(reciprocal);
        var z = NormalFormula<V, T>.Standardise(A.Load(x, count), V.Create(location), factor);
        NormalFormula<V, T>.Adjoint(z, A.Load(dy, count), out var product, out var ofLocation, out var ofScale);
        byLocation += ofLocation;
        byScale += ofScale;
        if (dx is not null)
            A.Store(A.Load(dx, count) - (product * factor), dx, count);
    }
}
