using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>Triangular systems with a shared matrix, and the log-determinant of a triangular matrix.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void TriangularSolve(in Matrix<T> lower, bool transposed, bool unitDiagonal, in Matrix<T> x, in Matrix<T> y) =>
        _program.TriangularSolve.On(Accelerator)(
            Stream, y.PaddedRows, DataOf(lower), lower.Columns, transposed ? 1 : 0, unitDiagonal ? 1 : 0, Of(x), Of(y));

    // L y = x gives dL_ij = −Σ_r x̄_ri y_rj, and Lᵀ y = x gives dL_ij = −Σ_r y_ri x̄_rj, for j ≤ i. Padding has x̄ = 0.
    public override void TriangularSolveMatrixAdjoint(
        in Matrix<T> solvedAdjoint, in Matrix<T> y, bool transposed, bool unitDiagonal, in Matrix<T> dlower) =>
        _program.TriangularMatrixAdjoint.On(Accelerator)(
            Stream, GroupFor(dlower.Columns * dlower.Columns), Of(transposed ? y : solvedAdjoint), Of(transposed ? solvedAdjoint : y),
            y.PaddedRows, dlower.Columns, unitDiagonal ? 1 : 0, DataOf(dlower));

    public override void LogAbsDiagonal(in Matrix<T> matrix, in Matrix<T> y) =>
        _program.LogAbsDiagonal.On(Accelerator)(Stream, 1, Of(matrix), matrix.Columns, Of(y));

    public override void LogAbsDiagonalAdjoint(in Matrix<T> matrix, in Matrix<T> dy, in Matrix<T> dmatrix) =>
        _program.LogAbsDiagonalAdjoint.On(Accelerator)(Stream, matrix.Columns, Of(matrix), Of(dy), Of(dmatrix));
}
