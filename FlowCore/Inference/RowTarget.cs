using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Inference;

/// <summary>A target of plain numbers: rows leave the tape, and their values come back as constants.</summary>
internal sealed class RowTarget<T>(int features, RowLogDensity<T> logDensity) : ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Features => features;

    public bool HasGradient => false;

    public Variable<T> LogDensity(Tape<T> tape, Variable<T> x, Variable<T> conditions)
    {
        var (rows, columns) = (x.Rows, conditions.Columns);
        var shared = !conditions.IsBlock;
        var read = shared ? columns : rows * columns;
        var buffer = ArrayPool<T>.Shared.Rent((rows * (features + 1)) + read);
        var numbers = buffer.AsSpan(0, rows * features);
        var values = buffer.AsSpan(rows * features, rows);
        var given = buffer.AsSpan(rows * (features + 1), read);
        tape.ReadValue(x, numbers);
        if (columns > 0)
            tape.ReadValue(conditions, given);
        for (var row = 0; row < rows; row++)
            values[row] = logDensity(numbers.Slice(row * features, features), shared ? given : given.Slice(row * columns, columns));
        var result = tape.Input(values, 1);
        ArrayPool<T>.Shared.Return(buffer);
        return result;
    }
}
