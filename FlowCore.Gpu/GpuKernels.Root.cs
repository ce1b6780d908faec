using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <content>The bracketed Newton iteration (formula: <see cref="RootFormula{V, T}"/>).</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void RootStep(
        in Matrix<T> target, in Matrix<T> value, in Matrix<T> logSlope, in Matrix<T> x, in Matrix<T> lower, in Matrix<T> upper, in Matrix<T> length,
        in Matrix<T> done) =>
        _program.RootStep.On(Accelerator)(
            Stream, ColumnsOf(x), Of(target), Of(value), Of(logSlope), Of(x), Of(lower), Of(upper), Of(length), Of(done));
}
