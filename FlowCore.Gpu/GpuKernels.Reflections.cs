using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>Chains of reflections (formulas: <see cref="Reflections{V, T, C}"/>).</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Reflect(in Matrix<T> x, in Matrix<T> vectors, bool reversed, in Matrix<T> y, in Matrix<T> kept) =>
        _program.Reflections.On(Accelerator)(
            Stream, new Index2D(x.PaddedRows, 1),
            new RowShape { Rows = vectors.Columns / x.Columns, Columns = x.Columns, Reversed = reversed ? 1 : 0, HasFirst = Has(kept) },
            CellsOf(x), CellsOf(vectors), CellsOf(y), kept.IsEmpty ? Nothing : CellsOf(kept), Nothing);

    public override void ReflectAdjoint(in Matrix<T> kept, in Matrix<T> vectors, bool reversed, in Matrix<T> adjoint, in Matrix<T> dvectors)
    {
        var shape = new RowShape { Rows = vectors.Columns / adjoint.Columns, Columns = adjoint.Columns, Reversed = reversed ? 1 : 0, HasSecond = Has(dvectors) };
        var target = RowSums(dvectors, kept, out var sums);
        _program.ReflectionsAdjoint.On(Accelerator)(Stream, new Index2D(kept.PaddedRows, 1), shape, CellsOf(kept), CellsOf(vectors), CellsOf(adjoint), Nothing, target);
        AddRowSums(sums, dvectors, kept);
    }
}
