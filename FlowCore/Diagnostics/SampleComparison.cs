using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Diagnostics;

/// <summary>
/// Draws of a model and events, ready for a test of two samples: jointly with the conditions where each event has its own. Draws at the events' own conditions
/// would not be independent of them, so one random half of the events is compared with draws at the conditions of the other half.
/// </summary>
internal sealed class SampleComparison<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SampleComparison(T[] events, T[] draws, int columns, string remark)
    {
        Events = events;
        Draws = draws;
        Columns = columns;
        Remark = remark;
    }

    /// <summary>Row-major, the coordinates before the conditions.</summary>
    public T[] Events { get; }

    /// <summary>Draws in the same form.</summary>
    public T[] Draws { get; }

    /// <summary>The coordinates and the conditions that differ from event to event.</summary>
    public int Columns { get; }

    /// <summary>What was compared, or why nothing was.</summary>
    public string Remark { get; }

    /// <summary>The first columns of rows.</summary>
    public static T[] Leading(T[] rows, int columns, int count)
    {
        var result = new T[rows.Length / columns * count];
        for (var i = 0; i < result.Length; i++)
            result[i] = rows[(i / count * columns) + (i % count)];
        return result;
    }

    /// <summary>Draws.</summary>
    public static SampleComparison<T> Of(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions, ulong seed)
    {
        var events = y.Length / model.Features;
        var (context, nuisances) = (OwnColumns(conditions.Context, model.ContextFeatures), OwnColumns(conditions.Nuisances, model.Nuisances));
        var columns = model.Features + context + nuisances;
        var isConditional = columns > model.Features && events > 1;
        var rows = isConditional ? events / 2 : events;
        if (rows < 2)
            return new SampleComparison<T>([], [], columns, $"No comparison with samples: it takes {(isConditional ? 4 : 2)} events.");
        var stream = DiagnosticStream.Of(seed).Substream(3);
        var order = new int[events];
        for (var i = 0; i < events; i++)
            order[i] = i;
        if (isConditional)
            stream.Substream(0).FillPermutation(order);
        var (first, second) = (new T[rows * columns], new T[rows * columns]);
        var (ownContext, ownNuisances) = (new T[rows * context], new T[rows * nuisances]);
        for (var i = 0; i < rows; i++)
        {
            var (one, other) = (order[i], order[events - 1 - i]);
            var row = first.AsSpan(i * columns, columns);
            var drawn = second.AsSpan(i * columns, columns);
            y.Slice(one * model.Features, model.Features).CopyTo(row);
            Copy(conditions.Context, context, one, row[model.Features..]);
            Copy(conditions.Nuisances, nuisances, one, row[(model.Features + context)..]);
            Copy(conditions.Context, context, other, drawn[model.Features..]);
            Copy(conditions.Nuisances, nuisances, other, drawn[(model.Features + context)..]);
            Copy(conditions.Context, context, other, ownContext.AsSpan(i * context));
            Copy(conditions.Nuisances, nuisances, other, ownNuisances.AsSpan(i * nuisances));
        }

        var draws = new T[rows * model.Features];
        var given = new Conditions<T>(context == 0 ? conditions.Context : ownContext, nuisances == 0 ? conditions.Nuisances : ownNuisances);
        model.Sample(stream.Substream(1), 0, given, draws, default);
        for (var i = 0; i < draws.Length; i++)
        {
            if (!T.IsFinite(draws[i]))
                throw new ArithmeticException($"Expected finite draws, got {draws[i]} for draw {i / model.Features}.");
            second[(i / model.Features * columns) + (i % model.Features)] = draws[i];
        }

        return new SampleComparison<T>(first, second, columns, isConditional
            ? $"Samples: {rows} events and their conditions against draws at the conditions of {rows} others."
            : $"Samples: {rows} events against {rows} draws.");

        // Conditions that all events share say nothing.
        int OwnColumns(ReadOnlySpan<T> values, int count) => values.Length == count ? 0 : count;
    }

    private static void Copy(ReadOnlySpan<T> values, int columns, int row, Span<T> destination)
    {
        if (columns > 0)
            values.Slice(row * columns, columns).CopyTo(destination);
    }
}
