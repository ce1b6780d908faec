namespace FlowCore.Compute;

/// <content>Chains of reflections. A lane holds one row; formulas: <see cref="Reflections{V, T, C}"/>.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Reflect(in Matrix<T> x, in Matrix<T> vectors, bool reversed, in Matrix<T> y, in Matrix<T> kept) =>
        RunRows<Reflections<V, T, CpuCells<V, T>>>(
            x.PaddedRows, 1,
            new RowShape { Rows = vectors.Columns / x.Columns, Columns = x.Columns, Reversed = reversed ? 1 : 0, HasFirst = kept.IsEmpty ? 0 : 1 }, x, vectors, y, kept);

    public override void ReflectAdjoint(in Matrix<T> kept, in Matrix<T> vectors, bool reversed, in Matrix<T> adjoint, in Matrix<T> dvectors) =>
        AddRows<ReflectionsAdjoint<V, T, CpuCells<V, T>>>(
            kept.PaddedRows, 1,
            new RowShape
            {
                Rows = vectors.Columns / adjoint.Columns,
                Columns = adjoint.Columns,
                Reversed = reversed ? 1 : 0,
                HasSecond = dvectors.IsEmpty ? 0 : 1,
            },
            kept, vectors, adjoint, default, dvectors);
}
