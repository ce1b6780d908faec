using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = f(a, b), number by number.</summary>
/// <remarks>
/// <para>
/// An operand with one column is repeated over the columns of the other, and a shared one with one row over its rows; so
/// a shared number [1, 1] goes with everything. The result is a block where an operand is one.
/// </para>
/// <para>
/// Adjoint: ā += ȳ ∘ ∂f/∂a and b̄ += ȳ ∘ ∂f/∂b, summed over the repeats of a repeated operand. Tangent: ẏ = ∂f/∂a ∘ ȧ + ∂f/∂b ∘ ḃ.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BinaryOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly BinaryOperation<T>[] _all = [.. BinaryFunction.All.Select(function => new BinaryOperation<T>(function))];

    private BinaryOperation(BinaryFunction function) => Function = function;

    /// <summary>f.</summary>
    public BinaryFunction Function { get; }

    /// <inheritdoc/>
    public override string Name => Function.Name;

    /// <summary>The operation of a function.</summary>
    /// <param name="function">f.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentNullException">There is no function.</exception>
    public static BinaryOperation<T> Of(BinaryFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return _all[function.Index];
    }

    /// <summary>Applies the function.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    /// <exception cref="ArgumentException">An operand is missing, the shapes do not go together, or the tapes differ.</exception>
    public Variable<T> Apply(Variable<T> a, Variable<T> b)
    {
        var tape = OperandChecks.TapeOf(a, nameof(a));
        OperandChecks.TapeOf(b, nameof(b));
        var shape = OperandChecks.Repeat(Name, OperandChecks.ShapeOf(a), b, nameof(b));
        var y = OperandChecks.Allocate(tape, shape);
        tape.ApplyInto(this, [a, b], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.Binary(Function, call.Input(0), call.Input(1), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => call.Kernels.BinaryAdjoint(
        Function, call.Input(0), call.Input(1), call.OutputAdjoint(0), call.InputAdjoint(0), call.InputAdjoint(1));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (a, b, y) = (call.Input(0), call.Input(1), call.Output(0));
        var (da, db) = (call.InputTangent(0), call.InputTangent(1));
        var tangent = Function switch
        {
            var f when f == BinaryFunction.Add => TangentRules.Sum(da, db),
            var f when f == BinaryFunction.Subtract => db.IsNone ? da : da.IsNone ? -db : da - db,
            var f when f == BinaryFunction.Multiply => TangentRules.Sum(da.IsNone ? default : da * b, db.IsNone ? default : a * db),
            var f when f == BinaryFunction.Divide => db.IsNone ? da / b : (da.IsNone ? -(y * db) : da - (y * db)) / b,
            var f when f == BinaryFunction.Max => Choose(a.Less(b), da, db),
            var f when f == BinaryFunction.Min => Choose(b.Less(a), da, db),
            var f when f == BinaryFunction.Power => TangentRules.Sum(da.IsNone ? default : b * a.Power(b - T.One) * da, db.IsNone ? default : y * a.Log() * db),
            var f when f == BinaryFunction.Atan2 =>
                TangentRules.Sum(da.IsNone ? default : b * da, db.IsNone ? default : -(a * db)) / (a.Square() + b.Square()),
            var f when f == BinaryFunction.Hypot => TangentRules.Sum(da.IsNone ? default : a * da, db.IsNone ? default : b * db) / y,
            var f when f == BinaryFunction.CopySign => da.IsNone ? default : a.Sign() * b.Sign() * da,
            // A comparison is constant wherever it has a derivative.
            _ => default,
        };
        call.SetOutputTangent(0, tangent);
    }

    // The second tangent where a mask is 1, else the first.
    private static Variable<T> Choose(Variable<T> mask, Variable<T> first, Variable<T> second) =>
        second.IsNone ? first - (mask * first) : first.IsNone ? mask * second : first + (mask * (second - first));
}
