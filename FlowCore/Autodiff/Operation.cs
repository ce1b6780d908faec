using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>A differentiable operation: what the tape records. Derive from it to add one of your own.</summary>
/// <remarks>
/// <para>
/// An operation is immutable and holds its settings (an activation, a number of bins); what belongs to one call is in
/// the <see cref="OperationCall{T}"/>. So one instance serves all tapes and threads.
/// </para>
/// <para>
/// <see cref="Forward"/> writes every output. <see cref="Backward"/> adds to the adjoint of each input that needs one the
/// vector-Jacobian product x̄ += Jᵀ ȳ. Padding rows of a block (see <see cref="Matrix{T}"/>) arrive with adjoint zero
/// and must leave with adjoint zero, which a product with ȳ does by itself.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public abstract class Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What to call it in a message.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Computes the outputs of a call from its inputs.</summary>
    /// <param name="call">The call.</param>
    protected internal abstract void Forward(in OperationCall<T> call);

    /// <summary>Adds to the inputs' adjoints what the outputs' adjoints imply.</summary>
    /// <param name="call">The call.</param>
    protected internal abstract void Backward(in OperationCall<T> call);

    /// <summary>Gives the outputs their tangents J·v, composed on the tape of those of the inputs, so that they can be differentiated themselves.</summary>
    /// <remarks>Only <see cref="Tape{T}.PushForward(Variable{T}, Variable{T}, Variable{T})"/> and what is made of it ask for it.</remarks>
    /// <param name="call">The call.</param>
    /// <exception cref="NotSupportedException">The operation has no rule, as here.</exception>
    protected internal virtual void Tangent(in TangentCall<T> call) => throw new NotSupportedException(
        $"The operation {Name} has no rule for forward tangents; override {nameof(Tangent)} in {GetType().Name}, or compose the function of operations that have one.");
}
