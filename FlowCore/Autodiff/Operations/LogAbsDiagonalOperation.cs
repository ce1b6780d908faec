using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = Σ_i ln |A_ii|: the log-determinant of a triangular matrix.</summary>
/// <remarks>Adjoint: Ā_ii += ȳ / A_ii; tangent: ẏ = Σ_i Ȧ_ii / A_ii.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LogAbsDiagonalOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LogAbsDiagonalOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static LogAbsDiagonalOperation<T> Instance { get; } = new();

    /// <summary>Applies the operation.</summary>
    /// <param name="matrix">A shared matrix [D, D]; only its diagonal is read.</param>
    /// <returns>A shared number [1, 1].</returns>
    /// <exception cref="ArgumentException">The matrix is not shared and square.</exception>
    public Variable<T> Apply(Variable<T> matrix)
    {
        var tape = OperandChecks.TapeOf(matrix, nameof(matrix));
        if (matrix.IsBlock || matrix.Rows != matrix.Columns)
            throw new ArgumentException($"Expected a shared square matrix, got {OperandChecks.Shape(matrix)}.", nameof(matrix));
        var y = tape.AllocateShared(1, 1);
        tape.ApplyInto(this, [matrix], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.LogAbsDiagonal(call.Input(0), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => call.Kernels.LogAbsDiagonalAdjoint(call.Input(0), call.OutputAdjoint(0), call.InputAdjoint(0));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) =>
        call.SetOutputTangent(0, (InverseDiagonalOperation<T>.Instance.Apply(call.Input(0)) * call.InputTangent(0)).SumColumns().SumRows());
}
