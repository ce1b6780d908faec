using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>The affine map with a limited log-scale (formulas: <see cref="AffineFormula{V, T}"/>).</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Affine(
        bool inverse, double slope, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet)
    {
        var logs = LogsOf(x, logDet);
        _program.Affine.On(Accelerator)(
            Stream, ColumnsOf(x), inverse ? 1 : 0, AffineRate(slope), Of(x), ParametersOf(parameters), _device.Integers(positions), Of(y), logs);
        AddUpLogs(logs, x, logDet);
    }

    public override void AffineAdjoint(
        bool inverse, double slope, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters)
    {
        var target = ParameterAdjoints(x, parameters, dparameters, positions.Length * 2, ref overwriteParameters, out var summed);
        _program.AffineAdjoint.On(Accelerator)(
            Stream, ColumnsOf(x), inverse ? 1 : 0, AffineRate(slope), Of(x), ParametersOf(parameters), _device.Integers(positions),
            Of(dy), Has(dy), Of(dlogDet), Has(dlogDet), Of(dx), Has(dx), target, Has(dparameters), overwriteParameters ? 1 : 0);
        if (summed)
            SumParameterAdjoints(target, x, dparameters);
    }

    private static T AffineRate(double slope) => slope == 0 ? T.Zero : T.CreateChecked(1 / Math.Abs(Math.Log(slope)));

    // One feature's log-derivative is log|det J|; of several each has a column of scratch memory.
    private DeviceMatrix<T> LogsOf(in Matrix<T> x, in Matrix<T> logDet) =>
        x.Columns == 1 ? Of(logDet) : new DeviceMatrix<T>(Scratch((long)x.PaddedRows * x.Columns), x.PaddedRows);

    private void AddUpLogs(DeviceMatrix<T> logs, in Matrix<T> x, in Matrix<T> logDet)
    {
        if (x.Columns > 1)
            _program.SumColumns.On(Accelerator)(Stream, x.PaddedRows, logs, x.Columns, Of(logDet));
    }

    // Where the adjoints of a transform's parameters go: parameters that all rows share get a row each in scratch memory first.
    private DeviceMatrix<T> ParameterAdjoints(
        in Matrix<T> x, in Matrix<T> parameters, in Matrix<T> dparameters, int used, ref bool overwrite, out bool summed)
    {
        summed = !dparameters.IsEmpty && !parameters.IsBlock;
        if (!summed)
            return Of(dparameters);
        var target = new DeviceMatrix<T>(Scratch((long)x.PaddedRows * dparameters.Columns), x.PaddedRows);
        var writesAll = used == dparameters.Columns;

        // An overwritten shared row is set to zero here, so that both cases add to it below.
        if (overwrite)
            Fill(dparameters, T.Zero);
        if (!writesAll)
            _program.Fill.On(Accelerator)(Stream, new Index2D(x.PaddedRows, dparameters.Columns), target, T.Zero);
        overwrite = writesAll;
        return target;
    }

    private void SumParameterAdjoints(DeviceMatrix<T> rows, in Matrix<T> x, in Matrix<T> dparameters) =>
        _program.SumRows.On(Accelerator)(Stream, GroupFor(dparameters.Columns), rows, x.Rows, Of(dparameters), 1);
}
