using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FlowCore.Distributions;

/// <summary>Row-major numbers of tensors.</summary>
internal static class TensorRows
{
    /// <summary>The rows of [n, columns], or of [n] where there is one column. Dense tensors are not copied.</summary>
    public static ReadOnlySpan<T> Of<T>(in ReadOnlyTensorSpan<T> tensor, int columns, string name)
    {
        var lengths = tensor.Lengths;
        if ((lengths.Length == 2 && lengths[1] == columns) || (lengths.Length == 1 && columns == 1))
            return Numbers(tensor);
        throw new ArgumentException($"Expected the shape [n, {columns}], got [{string.Join(", ", lengths.ToArray())}].", name);
    }

    /// <summary>The rows of [n, columns], or the one row of [columns], or none.</summary>
    public static ReadOnlySpan<T> OfOptional<T>(in ReadOnlyTensorSpan<T> tensor, int columns, string name)
    {
        if (tensor.FlattenedLength == 0)
            return default;
        var lengths = tensor.Lengths;
        if (columns > 0 && lengths.Length == 1 && lengths[0] == columns)
            return Numbers(tensor);
        if (columns == 0)
            throw new ArgumentException($"The model takes no {name}, got [{string.Join(", ", lengths.ToArray())}].", name);
        return Of(tensor, columns, name);
    }

    private static ReadOnlySpan<T> Numbers<T>(in ReadOnlyTensorSpan<T> tensor)
    {
        var length = checked((int)tensor.FlattenedLength);
        if (length == 0)
            return default;
        if (tensor.IsDense)
            return MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), length);
        var copy = new T[length];
        tensor.FlattenTo(copy);
        return copy;
    }

    /// <summary>Every row several times, all of the first row first.</summary>
    public static T[] Repeat<T>(ReadOnlySpan<T> rows, int columns, int times)
    {
        var repeated = new T[checked(rows.Length * times)];
        for (var i = 0; columns > 0 && i < rows.Length / columns * times; i++)
            rows.Slice(i / times * columns, columns).CopyTo(repeated.AsSpan(i * columns));
        return repeated;
    }

    /// <summary>Some columns of row-major numbers.</summary>
    public static T[] Columns<T>(T[] values, int rows, int first, int count)
    {
        var (columns, taken) = (values.Length / Math.Max(1, rows), new T[rows * count]);
        for (var i = 0; i < rows && count > 0; i++)
            values.AsSpan((i * columns) + first, count).CopyTo(taken.AsSpan(i * count));
        return taken;
    }
}
