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

    /// <summary>The shape of a variable in words.</summary>
    internal static string Shape<T>(Variable<T> variable)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        variable.IsNone ? "no variable" : variable.IsBlock ? $"a block [{variable.Rows}, {variable.Columns}]" : $"shared [{variable.Rows}, {variable.Columns}]";
}
