using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <content>Elementwise functions of one argument.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Unary(UnaryFunction function, in Matrix<T> x, in Matrix<T> y) =>
        _program.Of(function).Value.On(Accelerator)(Stream, RunsOf(y), Of(x), Of(y));

    public override void UnaryAdjoint(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx) =>
        _program.Of(function).Adjoint.On(Accelerator)(Stream, RunsOf(dx), Of(x), Of(y), Of(dy), Of(dx));

    public override void UnaryTangent(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> v, in Matrix<T> u) =>
        _program.Of(function).Tangent.On(Accelerator)(Stream, RunsOf(u), Of(x), Of(y), Of(v), Of(u));

    public override void UnaryTangentAdjoint(
        UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> v, in Matrix<T> du, in Matrix<T> dx, in Matrix<T> dv)
    {
        var kernels = _program.Of(function);
        if (!dv.IsEmpty)
            kernels.Adjoint.On(Accelerator)(Stream, RunsOf(dv), Of(x), Of(y), Of(du), Of(dv));
        if (!dx.IsEmpty)
            kernels.Curvature.On(Accelerator)(Stream, RunsOf(dx), Of(x), Of(y), Of(v), Of(du), Of(dx));
    }
}
