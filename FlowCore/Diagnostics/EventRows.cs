using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Diagnostics;

/// <summary>Parts of the conditions of events, which have a row for each event or one for all.</summary>
internal static class EventRows
{
    /// <summary>The conditions of a range of events.</summary>
    public static Conditions<T> Slice<T>(DensityModel<T> model, Conditions<T> conditions, int start, int rows, int events)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Slice(conditions.Context, model.ContextFeatures, start, rows, events), Slice(conditions.Nuisances, model.Nuisances, start, rows, events));

    /// <summary>The conditions of one event.</summary>
    public static ReadOnlySpan<T> Row<T>(ReadOnlySpan<T> values, int columns, int row) =>
        values.Length == columns ? values : values.Slice(row * columns, columns);

    /// <summary>Rows of a range of events, each repeated; one row for all is left alone.</summary>
    public static ReadOnlySpan<T> Repeat<T>(ReadOnlySpan<T> values, int columns, int start, int rows, int times, T[] destination)
    {
        if (values.Length == columns)
            return values;
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < times; i++)
                values.Slice((start + row) * columns, columns).CopyTo(destination.AsSpan(((row * times) + i) * columns));
        }

        return destination.AsSpan(0, rows * times * columns);
    }

    // What has not the length of all rows is handed on as it is: one row for all, or what the model refuses in its own words.
    private static ReadOnlySpan<T> Slice<T>(ReadOnlySpan<T> values, int columns, int start, int rows, int events) =>
        columns > 0 && values.Length == (long)columns * events ? values.Slice(start * columns, rows * columns) : values;
}
