using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The checks of an operation's operands, and the outputs that follow from them.</summary>
internal static class OperandChecks
{
    /// <summary>The tape that holds a variable.</summary>
    /// <exception cref="ArgumentException">It is "no variable".</exception>
    internal static Tape<T> TapeOf<T>(Variable<T> variable, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        variable.Tape ?? throw new ArgumentException("Expected a variable, got none.", name);

    /// <summary>An output with the rows of an operand, a block where the operand is one.</summary>
    internal static Variable<T> AllocateLike<T>(Variable<T> operand, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        operand.IsBlock ? operand.Tape!.Allocate(columns) : operand.Tape!.AllocateShared(operand.Rows, columns);

    /// <summary>Whether a variable is a block, its rows and its columns.</summary>
    internal static (bool IsBlock, int Rows, int Columns) ShapeOf<T>(Variable<T> variable)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (variable.IsBlock, variable.Rows, variable.Columns);

    /// <summary>The shape of a result beside one more operand: one column is repeated over columns, a shared row over rows.</summary>
    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    internal static (bool IsBlock, int Rows, int Columns) Repeat<T>(string operation, (bool IsBlock, int Rows, int Columns) a, Variable<T> b, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var block = a.IsBlock || b.IsBlock;
        if (a.Columns != b.Columns && a.Columns != 1 && b.Columns != 1)
            throw new ArgumentException($"{operation}: expected {a.Columns} columns or 1, as in a, {Shape(a)}, got {Shape(b)}.", name);
        var rowsAgree = a.IsBlock == b.IsBlock ? a.Rows == b.Rows || (!block && (a.Rows == 1 || b.Rows == 1)) : (a.IsBlock ? b.Rows : a.Rows) == 1;
        if (!rowsAgree)
            throw new ArgumentException($"{operation}: expected the rows of a, {Shape(a)}, or a shared operand of one row, got {Shape(b)}.", name);
        return (block, Math.Max(a.Rows, b.Rows), Math.Max(a.Columns, b.Columns));
    }

    /// <summary>An output of a shape.</summary>
    internal static Variable<T> Allocate<T>(Tape<T> tape, (bool IsBlock, int Rows, int Columns) shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        shape.IsBlock ? tape.Allocate(shape.Columns) : tape.AllocateShared(shape.Rows, shape.Columns);

    /// <summary>The shape of a variable in words.</summary>
    internal static string Shape<T>(Variable<T> variable)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        variable.IsNone ? "no variable" : Shape(ShapeOf(variable));

    private static string Shape((bool IsBlock, int Rows, int Columns) shape) => $"{(shape.IsBlock ? "a block" : "shared")} [{shape.Rows}, {shape.Columns}]";
}
