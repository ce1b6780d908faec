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
    private static readonly BinaryOperation<T>[] _all = Array.ConvertAll(Enum.GetValues<BinaryFunction>(), function => new BinaryOperation<T>(function));

    private BinaryOperation(BinaryFunction function) => Function = function;

    /// <summary>f.</summary>
    public BinaryFunction Function { get; }

    /// <inheritdoc/>
    public override string Name => Function.ToString();

    /// <summary>The operation of a function.</summary>
    /// <param name="function">f.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such function.</exception>
    public static BinaryOperation<T> Of(BinaryFunction function) => (uint)function < (uint)_all.Length
        ? _all[(int)function]
        : throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such function.");

    /// <summary>Applies the function.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    /// <exception cref="ArgumentException">An operand is missing, the shapes do not go together, or the tapes differ.</exception>
    public Variable<T> Apply(Variable<T> a, Variable<T> b)
    {
        var tape = OperandChecks.TapeOf(a, nameof(a));
        OperandChecks.TapeOf(b, nameof(b));
        var block = a.IsBlock || b.IsBlock;
        if (a.Columns != b.Columns && a.Columns != 1 && b.Columns != 1)
            throw new ArgumentException($"{Name}: expected {a.Columns} columns or 1, as in a, {OperandChecks.Shape(a)}, got {OperandChecks.Shape(b)}.", nameof(b));
        var rowsAgree = a.IsBlock == b.IsBlock ? a.Rows == b.Rows || (!block && (a.Rows == 1 || b.Rows == 1)) : (a.IsBlock ? b.Rows : a.Rows) == 1;
        if (!rowsAgree)
            throw new ArgumentException($"{Name}: expected the rows of a, {OperandChecks.Shape(a)}, or a shared operand of one row, got {OperandChecks.Shape(b)}.", nameof(b));
        var columns = Math.Max(a.Columns, b.Columns);
        var y = block ? tape.Allocate(columns) : tape.AllocateShared(Math.Max(a.Rows, b.Rows), columns);
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
            BinaryFunction.Add => TangentRules.Sum(da, db),
            BinaryFunction.Subtract => db.IsNone ? da : da.IsNone ? -db : da - db,
            BinaryFunction.Multiply => TangentRules.Sum(da.IsNone ? default : da * b, db.IsNone ? default : a * db),
            BinaryFunction.Divide => db.IsNone ? da / b : (da.IsNone ? -(y * db) : da - (y * db)) / b,
            // Where the result is above a it is b; where both are equal the difference is 0, of which the slope is 0.
            BinaryFunction.Max => Choose(y - a, da, db),
            BinaryFunction.Min => Choose(a - y, da, db),
            _ => throw new NotSupportedException($"The function {Function} has no rule for forward tangents."),
        };
        call.SetOutputTangent(0, tangent);
    }

    // The second tangent where a difference is positive, else the first.
    private static Variable<T> Choose(Variable<T> difference, Variable<T> first, Variable<T> second)
    {
        var second01 = SlopeOperation<T>.ReLU.Apply(difference);
        if (first.IsNone)
            return second01 * second;
        return second.IsNone ? first - (second01 * first) : first + (second01 * (second - first));
    }
}
