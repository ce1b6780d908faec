namespace FlowCore.Autodiff;

/// <content>Constants, and values that are taken for constants.</content>
public sealed partial class Tape<T>
{
    /// <summary>A shared number, set on the device: it goes with every operand of the arithmetic, and costs no object and no copy.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Shared [1, 1].</returns>
    public Variable<T> Constant(T value)
    {
        var constant = AllocateShared(1, 1);
        Kernels.Fill(Value(constant.Id), value);
        return constant;
    }

    /// <summary>A shared row of numbers.</summary>
    /// <param name="values">The numbers, one a column, at least one.</param>
    /// <returns>Shared [1, values].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no number.</exception>
    public Variable<T> Constant(ReadOnlySpan<T> values) => SharedRow(values);

    /// <summary>A block of one number.</summary>
    /// <param name="columns">The columns, at least 1.</param>
    /// <param name="value">The number.</param>
    /// <returns>A block [rows, columns].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no column.</exception>
    public Variable<T> Fill(int columns, T value)
    {
        var variable = Allocate(columns);
        Kernels.Fill(Value(variable.Id), value);
        return variable;
    }

    /// <summary>A block of zeros.</summary>
    /// <param name="columns">The columns, at least 1.</param>
    /// <returns>A block [rows, columns].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no column.</exception>
    public Variable<T> Zeros(int columns) => Fill(columns, T.Zero);

    /// <summary>A block of ones.</summary>
    /// <param name="columns">The columns, at least 1.</param>
    /// <returns>A block [rows, columns].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no column.</exception>
    public Variable<T> Ones(int columns) => Fill(columns, T.One);

    /// <summary>The value of a variable as a constant: a view, without a copy, through which no adjoint passes.</summary>
    /// <param name="variable">Any variable.</param>
    /// <returns>The same numbers.</returns>
    /// <exception cref="ArgumentException">There is no variable, or it is of another tape or an earlier block.</exception>
    public Variable<T> StopGradient(Variable<T> variable) =>
        Add(new Slot { Value = ValueOf(variable), Root = -1, IsLeaf = true, IsBorrowed = true });
}
