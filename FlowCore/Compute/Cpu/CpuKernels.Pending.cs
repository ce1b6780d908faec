using System.Numerics;

namespace FlowCore.Compute;

/// <content>Kernels that are still to come: each leaves this file when its own file brings it.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override DeviceMemory<T> Allocate(long length) => throw new NotImplementedException();

    public override void LoadRows(ReadOnlySpan<T> source, in Matrix<T> block) => throw new NotImplementedException();

    public override void StoreRows(in Matrix<T> block, Span<T> destination) => throw new NotImplementedException();

    public override void Write(ReadOnlySpan<T> source, DeviceMemory<T> destination, long offset) => throw new NotImplementedException();

    public override void Read(DeviceMemory<T> source, long offset, Span<T> destination) => throw new NotImplementedException();

    public override void Fill(in Matrix<T> matrix, T value) => throw new NotImplementedException();

    public override void ClearPadding(in Matrix<T> block) => throw new NotImplementedException();

    public override void Copy(in Matrix<T> x, in Matrix<T> y, bool accumulate) => throw new NotImplementedException();

    public override void Linear( in Matrix<T> x, in Matrix<T> weight, in Matrix<T> bias, Activation activation, in Matrix<T> y, in Matrix<T> preActivation, Staircase? staircase) => throw new NotImplementedException();

    public override void ActivationAdjoint(Activation activation, in Matrix<T> y, in Matrix<T> preActivation, in Matrix<T> dy, in Matrix<T> dbias) => throw new NotImplementedException();

    public override void LinearInputAdjoint(in Matrix<T> weight, in Matrix<T> dy, in Matrix<T> dx, Staircase? staircase, bool accumulate) => throw new NotImplementedException();

    public override void LinearWeightAdjoint(in Matrix<T> dy, in Matrix<T> x, in Matrix<T> dweight, Staircase? staircase) => throw new NotImplementedException();

    public override void Unary(UnaryFunction function, in Matrix<T> x, in Matrix<T> y) => throw new NotImplementedException();

    public override void UnaryAdjoint(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx) => throw new NotImplementedException();

    public override void Binary(BinaryFunction function, in Matrix<T> a, in Matrix<T> b, in Matrix<T> y) => throw new NotImplementedException();

    public override void BinaryAdjoint(BinaryFunction function, in Matrix<T> a, in Matrix<T> b, in Matrix<T> dy, in Matrix<T> da, in Matrix<T> db) => throw new NotImplementedException();

    public override void ScaleShift(in Matrix<T> x, T scale, T shift, in Matrix<T> y, bool accumulate) => throw new NotImplementedException();

    public override void SumColumns(in Matrix<T> x, in Matrix<T> y) => throw new NotImplementedException();

    public override void SumRows(in Matrix<T> x, in Matrix<T> y) => throw new NotImplementedException();

    public override void LogSumExp(in Matrix<T> x, in Matrix<T> y) => throw new NotImplementedException();

    public override void LogSumExpAdjoint(in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx) => throw new NotImplementedException();

    public override void BroadcastAdd(in Matrix<T> dy, in Matrix<T> dx) => throw new NotImplementedException();

    public override void GatherColumns(in Matrix<T> x, int[] indices, in Matrix<T> y) => throw new NotImplementedException();

    public override void ScatterAddColumns(in Matrix<T> dy, int[] indices, in Matrix<T> dx) => throw new NotImplementedException();

    public override void Affine( bool inverse, double slope, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet) => throw new NotImplementedException();

    public override void AffineAdjoint( bool inverse, double slope, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters) => throw new NotImplementedException();

    public override void Spline( bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet) => throw new NotImplementedException();

    public override void SplineAdjoint( bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters) => throw new NotImplementedException();

    public override void Residual( bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y, in Matrix<T> logDet) => throw new NotImplementedException();

    public override void ResidualAdjoint( bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dnuisances, ReadOnlySpan<Matrix<T>> dcoefficients) => throw new NotImplementedException();

    public override void NormalLogDensity(in Matrix<T> x, in Matrix<T> location, in Matrix<T> scale, in Matrix<T> y) => throw new NotImplementedException();

    public override void NormalLogDensityAdjoint( in Matrix<T> x, in Matrix<T> location, in Matrix<T> scale, in Matrix<T> dy, in Matrix<T> dx, in Matrix<T> dlocation, in Matrix<T> dscale) => throw new NotImplementedException();

    public override void TriangularSolve(in Matrix<T> lower, bool transposed, bool unitDiagonal, in Matrix<T> x, in Matrix<T> y) => throw new NotImplementedException();

    public override void TriangularSolveMatrixAdjoint( in Matrix<T> solvedAdjoint, in Matrix<T> y, bool transposed, bool unitDiagonal, in Matrix<T> dlower) => throw new NotImplementedException();

    public override void LogAbsDiagonal(in Matrix<T> matrix, in Matrix<T> y) => throw new NotImplementedException();

    public override void LogAbsDiagonalAdjoint(in Matrix<T> matrix, in Matrix<T> dy, in Matrix<T> dmatrix) => throw new NotImplementedException();

    public override double ReduceGradients(DeviceMemory<T>[] slots, int count, DeviceMemory<T> sum, long start, long length) => throw new NotImplementedException();

    public override void OptimiserSweep( in OptimiserStep step, DeviceMemory<T> parameters, DeviceMemory<T> gradients, DeviceMemory<T> firstMoment, DeviceMemory<T> secondMoment, long start, long length) => throw new NotImplementedException();
}
