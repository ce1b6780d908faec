using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = x, whose adjoint passes in the rows alone where a mask is 0, and is exactly 0 in the others, whatever arrives there.</summary>
/// <remarks>
/// It stands in front of a function that has no derivative in some rows, which are known only once it is evaluated: a logarithm of 0 makes NaN of the
/// adjoint 0 that it is handed. The mask is allocated before and written later, before the backward sweep, which alone reads it.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class AdjointGateOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AdjointGateOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static AdjointGateOperation<T> Instance { get; } = new();

    /// <summary>Puts the gate behind a variable.</summary>
    /// <param name="x">[rows, columns], a block.</param>
    /// <param name="closed">[rows, 1], a block: 1 in the rows that are closed. It may still be unset.</param>
    /// <returns>[rows, columns], the numbers of x.</returns>
    public Variable<T> Apply(Variable<T> x, Variable<T> closed) => x.Tape!.Apply(this, [x, closed], x.Columns);

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.Copy(call.Input(0), call.Output(0), accumulate: false);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        if (call.Needs(0))
            call.Kernels.SelectAdjoint(call.Input(1), first: false, call.OutputAdjoint(0), call.InputAdjoint(0));
    }
}
