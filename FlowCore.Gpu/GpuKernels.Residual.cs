using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>The polynomial residual (formulas: <see cref="ResidualFormula{V, T}"/>): a kernel adds each term to s and t, and one more maps the rows.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Residual(
        bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y, in Matrix<T> logDet)
    {
        ResidualSums(settings, x, nuisances, coefficients, extra: 0, out var s, out var t, out _);
        _program.ApplyResidual.On(Accelerator)(
            Stream, x.PaddedRows, inverse ? 1 : 0, T.CreateChecked(settings.LogDetSign), x.Columns, Of(x), s, t, Of(y), Of(logDet));
    }

    public override void ResidualAdjoint(
        bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dnuisances, ReadOnlySpan<Matrix<T>> dcoefficients, bool overwriteCoefficients)
    {
        var grid = ColumnsOf(x);
        var summed = !dnuisances.IsEmpty && !dnuisances.IsBlock;
        ResidualSums(settings, x, nuisances, coefficients, summed ? settings.Nuisances : 0, out var s, out var t, out var rows);

        // From here on s and t hold their adjoints.
        _program.ApplyResidualAdjoint.On(Accelerator)(
            Stream, grid, inverse ? 1 : 0, T.CreateChecked(settings.LogDetSign), Of(x), Of(dy), Has(dy), Of(dlogDet), Has(dlogDet), Of(dx), Has(dx), s, t);
        for (var i = 0; i < coefficients.Length; i++)
        {
            if (!dcoefficients[i].IsEmpty)
            {
                _program.CoefficientAdjoint.On(Accelerator)(
                    Stream, grid, new ResidualTerm<T>(settings, i), ParametersOf(nuisances), s, t, Of(dcoefficients[i]), overwriteCoefficients ? 1 : 0);
            }
        }

        if (dnuisances.IsEmpty)
            return;
        var target = summed ? rows : Of(dnuisances);
        if (summed)
            _program.Fill.On(Accelerator)(Stream, new Index2D(x.PaddedRows, settings.Nuisances), target, T.Zero);
        for (var i = 0; i < coefficients.Length; i++)
        {
            _program.NuisanceAdjoint.On(Accelerator)(
                Stream, x.PaddedRows, new ResidualTerm<T>(settings, i), x.Columns, ParametersOf(nuisances), Of(coefficients[i]), s, t, target);
        }

        if (summed)
            _program.SumRows.On(Accelerator)(Stream, GroupFor(settings.Nuisances), target, x.Rows, Of(dnuisances), 1);
    }

    // s and t of all features in scratch memory, and behind them room for more columns.
    private void ResidualSums(
        ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, int extra,
        out DeviceMatrix<T> s, out DeviceMatrix<T> t, out DeviceMatrix<T> rest)
    {
        var stride = x.PaddedRows;
        var scratch = Scratch((long)stride * ((2 * x.Columns) + extra));
        s = new DeviceMatrix<T>(scratch, stride);
        t = new DeviceMatrix<T>(scratch.SubView((long)stride * x.Columns), stride);
        rest = extra == 0 ? default : new DeviceMatrix<T>(scratch.SubView(2L * stride * x.Columns), stride);
        for (var i = 0; i < coefficients.Length; i++)
            _program.AddTerm.On(Accelerator)(Stream, ColumnsOf(x), new ResidualTerm<T>(settings, i), ParametersOf(nuisances), Of(coefficients[i]), s, t);
    }
}
