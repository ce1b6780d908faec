using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = f(x), number by number.</summary>
/// <remarks>Adjoint: x̄ += ȳ ∘ f'(x); tangent: ẏ = f'(x) ∘ ẋ. Where f has no derivative the value that <see cref="UnaryFunction"/> states is used.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class UnaryOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly UnaryOperation<T>[] _all = [.. UnaryFunction.All.Select(function => new UnaryOperation<T>(function))];

    private UnaryOperation(UnaryFunction function) => Function = function;

    /// <summary>f.</summary>
    public UnaryFunction Function { get; }

    /// <inheritdoc/>
    public override string Name => Function.Name;

    /// <summary>The operation of a function.</summary>
    /// <param name="function">f.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentNullException">There is no function.</exception>
    public static UnaryOperation<T> Of(UnaryFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return _all[function.Index];
    }

    /// <summary>Applies the function.</summary>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no argument.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = OperandChecks.AllocateLike(x, x.Columns);
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.Unary(Function, call.Input(0), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>
        call.Kernels.UnaryAdjoint(Function, call.Input(0), call.Output(0), call.OutputAdjoint(0), call.InputAdjoint(0));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) =>
        call.SetOutputTangent(0, UnaryTangentOperation<T>.Of(Function).Apply(call.Input(0), call.Output(0), call.InputTangent(0)));
}
