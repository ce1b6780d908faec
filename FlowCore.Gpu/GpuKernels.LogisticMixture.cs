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
        var items = new Index2D(kept.PaddedRows, features);
        var shape = new RowShape { Inner = components, Columns = features, HasFirst = Has(dx), HasSecond = Has(dparameters) };
        var ofArgument = dx.IsEmpty ? Nothing : CellsOf(dx);
        if (dparameters.IsEmpty || dparameters.IsBlock)
        {
            _program.LogisticMixtureAdjoint.On(Accelerator)(
                Stream, items, shape, CellsOf(kept), CellsOf(parameters), CellsOf(dresults), ofArgument, dparameters.IsEmpty ? Nothing : CellsOf(dparameters));
            return;
        }

        // Each row's adjoints go to scratch memory, and a group adds up each of them.
        var rows = new DeviceMatrix<T>(Scratch((long)kept.PaddedRows * dparameters.Columns), kept.PaddedRows);
        _program.Fill.On(Accelerator)(Stream, new Index2D(kept.PaddedRows, dparameters.Columns), rows, T.Zero);
        _program.LogisticMixtureAdjoint.On(Accelerator)(
            Stream, items, shape, CellsOf(kept), CellsOf(parameters), CellsOf(dresults), ofArgument, new DeviceOperand<T>(rows.Data, 1, rows.Stride));
        _program.SumRows.On(Accelerator)(Stream, GroupFor(dparameters.Columns), rows, kept.Rows, Of(dparameters), 1);
    }
}
