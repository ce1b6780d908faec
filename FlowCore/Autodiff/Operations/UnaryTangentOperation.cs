using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>u = f'(x) v, number by number: the tangent of y = f(x) along the tangent v of x.</summary>
/// <remarks>
/// <para>Of the inputs (x, y, v) the second is the result of <see cref="UnaryOperation{T}"/>, which spares computing it anew.</para>
/// <para>Adjoint: v̄ += ū f'(x) and x̄ += ū f''(x) v. As y is a function of x, all of the dependence goes to x, and y gets no adjoint.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class UnaryTangentOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly UnaryTangentOperation<T>[] _all = [.. UnaryFunction.All.Select(function => new UnaryTangentOperation<T>(function))];

    private UnaryTangentOperation(UnaryFunction function)
    {
        Function = function;
        Name = $"Tangent of {function.Name}";
    }

    /// <summary>f.</summary>
    public UnaryFunction Function { get; }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>The operation of a function.</summary>
    /// <param name="function">f.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentNullException">There is no function.</exception>
    public static UnaryTangentOperation<T> Of(UnaryFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return _all[function.Index];
    }

    /// <summary>Applies the derivative.</summary>
    /// <param name="x">The argument, of any shape.</param>
    /// <param name="y">f(x), of the same shape.</param>
    /// <param name="v">The tangent of x, of the same shape.</param>
    /// <returns>The tangent of y, of the same shape.</returns>
    /// <exception cref="ArgumentException">An input is missing or of another shape, or the tapes differ.</exception>
    public Variable<T> Apply(Variable<T> x, Variable<T> y, Variable<T> v)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        OperandChecks.TapeOf(y, nameof(y));
        OperandChecks.TapeOf(v, nameof(v));
        CheckShape(x, y, nameof(y));
        CheckShape(x, v, nameof(v));
        var u = OperandChecks.AllocateLike(x, x.Columns);
        tape.ApplyInto(this, [x, y, v], [u]);
        return u;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.UnaryTangent(Function, call.Input(0), call.Input(1), call.Input(2), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => call.Kernels.UnaryTangentAdjoint(
        Function, call.Input(0), call.Input(1), call.Input(2), call.OutputAdjoint(0), call.InputAdjoint(0), call.InputAdjoint(2));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (x, y, v) = (call.Input(0), call.Input(1), call.Input(2));
        var (dx, dv) = (call.InputTangent(0), call.InputTangent(2));
        call.SetOutputTangent(0, TangentRules.Sum(
            dx.IsNone ? default : UnaryCurvatureOperation<T>.Of(Function).Apply(x, y, v, dx),
            dv.IsNone ? default : Apply(x, y, dv)));
    }

    private void CheckShape(Variable<T> x, Variable<T> other, string name)
    {
        if (OperandChecks.ShapeOf(x) != OperandChecks.ShapeOf(other))
            throw new ArgumentException($"{Name}: expected the shape of x, {OperandChecks.Shape(x)}, got {OperandChecks.Shape(other)}.", name);
    }
}
