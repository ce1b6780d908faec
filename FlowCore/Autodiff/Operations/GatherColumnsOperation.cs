using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Column j of y is column indices[j] of x: a choice, a permutation or a repetition of columns.</summary>
/// <remarks>Adjoint: column indices[j] of x̄ += column j of ȳ.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class GatherColumnsOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _indices;
    private readonly int _largest;

    /// <summary>Creates the operation.</summary>
    /// <param name="indices">For each column of the result the column of the argument, not negative; at least one.</param>
    /// <exception cref="ArgumentException">There is no index, or one is negative.</exception>
    public GatherColumnsOperation(ReadOnlySpan<int> indices)
    {
        if (indices.IsEmpty)
            throw new ArgumentException("Expected at least one index, got none.", nameof(indices));
        foreach (var index in indices)
        {
            if (index < 0)
                throw new ArgumentException($"Expected indices of columns, from 0, got {index}.", nameof(indices));
            _largest = Math.Max(_largest, index);
        }

        _indices = indices.ToArray();
    }

    /// <summary>For each column of the result the column of the argument.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <summary>Gathers the columns.</summary>
    /// <param name="x">[rows, columns], a block or shared.</param>
    /// <returns>[rows, indices].</returns>
    /// <exception cref="ArgumentException">There is no argument, or an index is not among its columns.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        if (_largest >= x.Columns)
            throw new ArgumentException($"Expected more than {_largest} columns, the largest index, got {OperandChecks.Shape(x)}.", nameof(x));
        var y = OperandChecks.AllocateLike(x, _indices.Length);
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.GatherColumns(call.Input(0), _indices, call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>
        call.Kernels.ScatterAddColumns(call.OutputAdjoint(0), _indices, call.InputAdjoint(0));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));
}
