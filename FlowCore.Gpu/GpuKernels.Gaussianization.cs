using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <content>The Gaussianization (formulas: <see cref="GaussianizationFormula{V, T, C}"/>).</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Gaussianization(
        bool inverse, int components, double squeeze, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet)
    {
        var logs = LogsOf(x, logDet);
        _program.Gaussianization.On(Accelerator)(
            Stream, ColumnsOf(x), new GaussianizationConstants<T>(components, squeeze, inverse), Of(x), ParametersOf(parameters), _device.Integers(positions), Of(y), logs);
        AddUpLogs(logs, x, logDet);
    }

    public override void GaussianizationAdjoint(
        bool inverse, int components, double squeeze, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters)
    {
        var target = ParameterAdjoints(x, parameters, dparameters, positions.Length * 2 * components, ref overwriteParameters, out var summed);
        _program.GaussianizationAdjoint.On(Accelerator)(
            Stream, ColumnsOf(x), new GaussianizationConstants<T>(components, squeeze, inverse), Of(x), ParametersOf(parameters), _device.Integers(positions), Of(y),
            Of(dy), Has(dy), Of(dlogDet), Has(dlogDet), Of(dx), Has(dx), target, Has(dparameters), overwriteParameters ? 1 : 0);
        if (summed)
            SumParameterAdjoints(target, x, dparameters);
    }
}
