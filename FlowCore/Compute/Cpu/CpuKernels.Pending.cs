using System.Numerics;

namespace FlowCore.Compute;

/// <content>Kernels that are still to come: each leaves this file when its own file brings it.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Residual( bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y, in Matrix<T> logDet) => throw new NotImplementedException();

    public override void ResidualAdjoint( bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dnuisances, ReadOnlySpan<Matrix<T>> dcoefficients, bool overwriteCoefficients) => throw new NotImplementedException();

}
