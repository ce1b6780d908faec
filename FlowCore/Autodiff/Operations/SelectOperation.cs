using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = a where the mask is not 0, else b, number by number.</summary>
/// <remarks>
/// <para>
/// Masks are what comparisons give (<see cref="BinaryFunction.Less"/> and its fellows): 1 or 0. Operands are repeated as in
/// <see cref="BinaryOperation{T}"/>.
/// </para>
/// <para>
/// Adjoint: ā += ȳ where the mask is set and b̄ += ȳ where it is not; the operand that was not taken gets exactly 0, also where ȳ is
/// infinite or NaN. What made that operand multiplies this 0 by its own derivative, so an argument at which that derivative is infinite must be replaced
/// by a harmless one before the function, not after. The mask gets no adjoint.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SelectOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SelectOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static SelectOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Where";

    /// <summary>Chooses.</summary>
    /// <param name="mask">What decides; NaN counts as set.</param>
    /// <param name="a">The operand where the mask is set.</param>
    /// <param name="b">The operand where it is not.</param>
    /// <returns>The result, of the shape of all three after repeating.</returns>
    /// <exception cref="ArgumentException">An operand is missing, the shapes do not go together, or the tapes differ.</exception>
    public Variable<T> Apply(Variable<T> mask, Variable<T> a, Variable<T> b)
    {
        var tape = OperandChecks.TapeOf(mask, nameof(mask));
        OperandChecks.TapeOf(a, nameof(a));
        OperandChecks.TapeOf(b, nameof(b));
        var shape = OperandChecks.Repeat(Name, OperandChecks.ShapeOf(mask), a, nameof(a));
        var y = OperandChecks.Allocate(tape, OperandChecks.Repeat(Name, shape, b, nameof(b)));
        tape.ApplyInto(this, [mask, a, b], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.Select(call.Input(0), call.Input(1), call.Input(2), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        if (call.Needs(1))
            call.Kernels.SelectAdjoint(call.Input(0), first: true, call.OutputAdjoint(0), call.InputAdjoint(1));
        if (call.Needs(2))
            call.Kernels.SelectAdjoint(call.Input(0), first: false, call.OutputAdjoint(0), call.InputAdjoint(2));
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (a, b) = (call.InputTangent(1), call.InputTangent(2));
        if (a.IsNone && b.IsNone)
            return;
        var zero = call.Tape.Constant(T.Zero);
        call.SetOutputTangent(0, Apply(call.Input(0), a.IsNone ? zero : a, b.IsNone ? zero : b));
    }
}
