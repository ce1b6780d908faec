using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Solves L y_r = x_r, or Lᵀ y_r = x_r, for every row of a block; L is shared and lower triangular.</summary>
/// <remarks>
/// Adjoint (Giles 2008, section 2.3.1): s solves the system with the other transpose for ȳ; then x̄ += s and, for L,
/// L̄ −= Σ_r s_r y_rᵀ (for Lᵀ: L̄ −= Σ_r y_r s_rᵀ) on and below the diagonal. Numbers above the diagonal are neither read nor given an adjoint.
/// Tangent (ibid.): ẏ solves the system for ẋ − L̇ y.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class TriangularSolveOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TriangularSolveOperation<T>[] _all = [new(false, false), new(false, true), new(true, false), new(true, true)];

    private TriangularSolveOperation(bool transposed, bool unitDiagonal)
    {
        Transposed = transposed;
        UnitDiagonal = unitDiagonal;
    }

    /// <summary>Whether to solve with Lᵀ.</summary>
    public bool Transposed { get; }

    /// <summary>Whether the diagonal counts as ones and is not read.</summary>
    public bool UnitDiagonal { get; }

    /// <summary>The operation of a kind.</summary>
    /// <param name="transposed">Whether to solve with Lᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones and is not read.</param>
    /// <returns>The one instance.</returns>
    public static TriangularSolveOperation<T> Of(bool transposed = false, bool unitDiagonal = false) =>
        _all[(transposed ? 2 : 0) + (unitDiagonal ? 1 : 0)];

    /// <summary>Solves the systems.</summary>
    /// <param name="lower">L as the tape shows a parameter [D, D]: element (i, j) is row j of column i.</param>
    /// <param name="x">A block [rows, D].</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> lower, Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        OperandChecks.TapeOf(lower, nameof(lower));
        if (!x.IsBlock)
            throw new ArgumentException($"Expected a block, got {OperandChecks.Shape(x)}.", nameof(x));
        if (lower.IsBlock || lower.Rows != x.Columns || lower.Columns != x.Columns)
            throw new ArgumentException($"Expected a shared matrix [{x.Columns}, {x.Columns}], got {OperandChecks.Shape(lower)}.", nameof(lower));
        return tape.Apply(this, [lower, x], x.Columns);
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.TriangularSolve(call.Input(0), Transposed, UnitDiagonal, call.Input(1), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        // ȳ is not needed any more once s is known, so s takes its place.
        var solved = call.OutputAdjoint(0);
        call.Kernels.TriangularSolve(call.Input(0), !Transposed, UnitDiagonal, solved, solved);
        if (call.Needs(0))
            call.Kernels.TriangularSolveMatrixAdjoint(solved, call.Output(0), Transposed, UnitDiagonal, call.InputAdjoint(0));
        if (call.Needs(1))
        {
            var adjoint = call.InputAdjoint(1, out var fresh);
            call.Kernels.Copy(solved, adjoint, accumulate: !fresh);
        }
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var right = call.InputTangent(1);
        var lower = call.InputTangent(0);
        if (!lower.IsNone)
        {
            var part = LowerPartOperation<T>.Of(withDiagonal: !UnitDiagonal).Apply(lower);
            var product = Transposed
                ? TransposedLinearOperation<T>.Instance.Apply(call.Output(0), part)
                : LinearOperation<T>.Product.Apply(call.Output(0), part, default);
            right = right.IsNone ? -product : right - product;
        }

        call.SetOutputTangent(0, Apply(call.Input(0), right));
    }
}
