using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>A matrix on a <see cref="Tape{T}"/>: its value, and after a backward sweep its adjoint.</summary>
/// <remarks>
/// A block variable has a row for each event of the tape's current block; a shared one is the same for all events.
/// A variable is valid until the tape begins its next block. The default value stands for "no variable", for example no context.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public readonly struct Variable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Variable(Tape<T> tape, int id, int generation)
    {
        Tape = tape;
        Id = id;
        Generation = generation;
    }

    /// <summary>The tape that holds it, null for "no variable".</summary>
    public Tape<T>? Tape { get; }

    /// <summary>True for "no variable".</summary>
    public bool IsNone => Tape is null;

    /// <summary>How many rows.</summary>
    public int Rows => IsNone ? 0 : Tape!.ValueOf(this).Rows;

    /// <summary>How many columns; 0 for "no variable".</summary>
    public int Columns => IsNone ? 0 : Tape!.ValueOf(this).Columns;

    /// <summary>Whether it has a row for each event.</summary>
    public bool IsBlock => !IsNone && Tape!.ValueOf(this).IsBlock;

    internal int Id { get; }

    internal int Generation { get; }

    /// <summary>a + b, with repeated operands as in <see cref="BinaryOperation{T}"/>.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result.</returns>
    public static Variable<T> operator +(Variable<T> a, Variable<T> b) => BinaryOperation<T>.Of(BinaryFunction.Add).Apply(a, b);

    /// <inheritdoc cref="operator +(Variable{T}, Variable{T})"/>
    public static Variable<T> operator +(Variable<T> a, T b) => BinaryOperation<T>.Of(BinaryFunction.Add).Apply(a, a.Number(b));

    /// <inheritdoc cref="operator +(Variable{T}, Variable{T})"/>
    public static Variable<T> operator +(T a, Variable<T> b) => BinaryOperation<T>.Of(BinaryFunction.Add).Apply(b.Number(a), b);

    /// <summary>a − b, with repeated operands as in <see cref="BinaryOperation{T}"/>.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result.</returns>
    public static Variable<T> operator -(Variable<T> a, Variable<T> b) => BinaryOperation<T>.Of(BinaryFunction.Subtract).Apply(a, b);

    /// <inheritdoc cref="operator -(Variable{T}, Variable{T})"/>
    public static Variable<T> operator -(Variable<T> a, T b) => BinaryOperation<T>.Of(BinaryFunction.Subtract).Apply(a, a.Number(b));

    /// <inheritdoc cref="operator -(Variable{T}, Variable{T})"/>
    public static Variable<T> operator -(T a, Variable<T> b) => BinaryOperation<T>.Of(BinaryFunction.Subtract).Apply(b.Number(a), b);

    /// <summary>a · b, number by number, with repeated operands as in <see cref="BinaryOperation{T}"/>.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result.</returns>
    public static Variable<T> operator *(Variable<T> a, Variable<T> b) => BinaryOperation<T>.Of(BinaryFunction.Multiply).Apply(a, b);

    /// <inheritdoc cref="operator *(Variable{T}, Variable{T})"/>
    public static Variable<T> operator *(Variable<T> a, T b) => BinaryOperation<T>.Of(BinaryFunction.Multiply).Apply(a, a.Number(b));

    /// <inheritdoc cref="operator *(Variable{T}, Variable{T})"/>
    public static Variable<T> operator *(T a, Variable<T> b) => BinaryOperation<T>.Of(BinaryFunction.Multiply).Apply(b.Number(a), b);

    /// <summary>a / b, number by number, with repeated operands as in <see cref="BinaryOperation{T}"/>.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result.</returns>
    public static Variable<T> operator /(Variable<T> a, Variable<T> b) => BinaryOperation<T>.Of(BinaryFunction.Divide).Apply(a, b);

    /// <inheritdoc cref="operator /(Variable{T}, Variable{T})"/>
    public static Variable<T> operator /(Variable<T> a, T b) => BinaryOperation<T>.Of(BinaryFunction.Divide).Apply(a, a.Number(b));

    /// <inheritdoc cref="operator /(Variable{T}, Variable{T})"/>
    public static Variable<T> operator /(T a, Variable<T> b) => BinaryOperation<T>.Of(BinaryFunction.Divide).Apply(b.Number(a), b);

    /// <summary>−a.</summary>
    /// <param name="a">The operand.</param>
    /// <returns>The result.</returns>
    public static Variable<T> operator -(Variable<T> a) => UnaryOperation<T>.Of(UnaryFunction.Negate).Apply(a);

    private Variable<T> Number(T value) => OperandChecks.TapeOf(this, "a").Constant(value);
}
