using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>Mixtures of logistic distributions (formulas: <see cref="LogisticMixtureFormula{V, T}"/>).</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void LogisticMixture(in Matrix<T> x, in Matrix<T> parameters, int components, in Matrix<T> results, in Matrix<T> kept) =>
        _program.LogisticMixture.On(Accelerator)(
            Stream, ColumnsOf(x), new RowShape { Inner = components, Columns = x.Columns, HasFirst = Has(kept) },
            CellsOf(x), CellsOf(parameters), CellsOf(results), kept.IsEmpty ? Nothing : CellsOf(kept), Nothing);

    public override void LogisticMixtureQuantile(in Matrix<T> logOdds, in Matrix<T> parameters, int components, in Matrix<T> x) =>
        _program.LogisticMixtureQuantile.On(Accelerator)(
            Stream, ColumnsOf(x), new RowShape { Inner = components, Columns = x.Columns }, CellsOf(logOdds), CellsOf(parameters), CellsOf(x), Nothing, Nothing);

    public override void LogisticMixtureAdjoint(
        in Matrix<T> kept, in Matrix<T> parameters, int components, in Matrix<T> dresults, in Matrix<T> dx, in Matrix<T> dparameters)
    {
        var features = dresults.Columns / 3;
        var shape = new RowShape { Inner = components, Columns = features, HasFirst = Has(dx), HasSecond = Has(dparameters) };
        var target = RowSums(dparameters, kept, out var sums);
        _program.LogisticMixtureAdjoint.On(Accelerator)(
            Stream, new Index2D(kept.PaddedRows, features), shape, CellsOf(kept), CellsOf(parameters), CellsOf(dresults), dx.IsEmpty ? Nothing : CellsOf(dx), target);
        AddRowSums(sums, dparameters, kept);
    }
}
