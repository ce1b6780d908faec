using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <content>The rational-quadratic spline (formulas: <see cref="SplineFormula{V, T}"/>).</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Spline(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet)
    {
        var logs = LogsOf(x, logDet);
        var kernel = settings.Parametrization == SplineParametrization.Softmax ? _program.SoftmaxSpline
            : settings.IsIdentityOutside ? _program.PlainSpline : _program.LimitedSpline;
        kernel.On(Accelerator)(
            Stream, ColumnsOf(x), new SplineConstants<T>(settings, inverse), Of(x), ParametersOf(parameters), _device.Integers(positions), Of(y), logs);
        AddUpLogs(logs, x, logDet);
    }

    public override void SplineAdjoint(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters)
    {
        var target = ParameterAdjoints(
            x, parameters, dparameters, positions.Length * settings.ParametersPerFeature, ref overwriteParameters, out var summed);
        var kernel = settings.Parametrization == SplineParametrization.Softmax ? _program.SoftmaxSplineAdjoint
            : settings.IsIdentityOutside ? _program.PlainSplineAdjoint : _program.LimitedSplineAdjoint;
        kernel.On(Accelerator)(
            Stream, ColumnsOf(x), new SplineConstants<T>(settings, inverse), Of(x), ParametersOf(parameters), _device.Integers(positions),
            Of(dy), Has(dy), Of(dlogDet), Has(dlogDet), Of(dx), Has(dx), target, Has(dparameters), overwriteParameters ? 1 : 0);
        if (summed)
            SumParameterAdjoints(target, x, dparameters);
    }
}
