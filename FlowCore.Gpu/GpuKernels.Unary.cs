using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <content>Elementwise functions of one argument.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Unary(UnaryFunction function, in Matrix<T> x, in Matrix<T> y) =>
        _program.Unary[(int)function].On(Accelerator)(Stream, RunsOf(y), Of(x), Of(y));

    public override void UnaryAdjoint(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx) =>
        _program.UnaryAdjoint[(int)function].On(Accelerator)(Stream, RunsOf(dx), Of(x), Of(y), Of(dy), Of(dx));
}
