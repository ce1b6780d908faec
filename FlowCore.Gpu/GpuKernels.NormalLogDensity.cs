using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <content>The log-density of the diagonal normal distribution.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void NormalLogDensity(in Matrix<T> x, in Matrix<T> location, in Matrix<T> scale, in Matrix<T> y) =>
        _program.NormalLogDensity.On(Accelerator)(
            Stream, x.PaddedRows, Of(x), x.Columns, Of(location), Has(location), Of(scale), Has(scale), Of(y));

    public override void NormalLogDensityAdjoint(
        in Matrix<T> x, in Matrix<T> location, in Matrix<T> scale, in Matrix<T> dy, in Matrix<T> dx, in Matrix<T> dlocation, in Matrix<T> dscale) =>
        _program.NormalLogDensityAdjoint.On(Accelerator)(
            Stream, GroupFor(x.Columns), Of(x), x.PaddedRows, Of(location), Has(location), Of(scale), Has(scale), Of(dy),
            Of(dx), Has(dx), Of(dlocation), Has(dlocation), Of(dscale), Has(dscale));
}
