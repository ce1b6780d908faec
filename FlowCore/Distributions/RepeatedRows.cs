using System.Numerics;

namespace FlowCore.Distributions;

/// <summary>Rows of conditions that draws go through in turn: draw i has row i mod n.</summary>
internal static class RepeatedRows
{
    /// <summary>A copy of rows that a model can take.</summary>
    /// <exception cref="ArgumentException">The numbers make no rows, there are none though the model takes some, or one is not finite.</exception>
    public static T[] Check<T>(ReadOnlySpan<T> values, int columns, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0 ? !values.IsEmpty : values.IsEmpty || values.Length % columns != 0)
            throw new ArgumentException($"Expected rows of {columns} numbers as the model's {name}, got {values.Length} numbers.", name);
        foreach (var value in values)
        {
            if (!T.IsFinite(value))
                throw new ArgumentException($"Expected finite numbers as {name}, got {value}.", name);
        }

        return values.ToArray();
    }

    /// <summary>Fills a stretch of draws.</summary>
    /// <param name="source">The n rows.</param>
    /// <param name="columns">The columns; 0 for none.</param>
    /// <param name="firstDraw">The number of the first draw.</param>
    /// <param name="destination">Receives the row of each draw.</param>
    public static void Fill<T>(T[] source, int columns, long firstDraw, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var at = columns == 0 ? 0 : (int)(firstDraw % (source.Length / columns)) * columns;
        while (!destination.IsEmpty)
        {
            var count = Math.Min(destination.Length, source.Length - at);
            source.AsSpan(at, count).CopyTo(destination);
            destination = destination[count..];
            at = 0;
        }
    }
}
