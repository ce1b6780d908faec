using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Random;
using Tables;

namespace FactorizableFlow.Dataset;

/// <summary>Events of one density of the toy as tables: columns of features and context, a file a point.</summary>
internal static class TemplateTables
{
    private const int BlockRows = 8192;

    /// <summary>The features' columns.</summary>
    /// <param name="sector">Which density.</param>
    public static string[] Features(Sector sector) => [$"{sector.Symbol}1", $"{sector.Symbol}2"];

    /// <summary>The context's columns: the class as (1, 0) or (0, 1), and what is given.</summary>
    /// <param name="sector">Which density.</param>
    public static string[] Context(Sector sector) => sector.IsKinematic ? ["a", "b"] : ["a", "b", "x1", "x2"];

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its name, whose ending says the format.</param>
    /// <param name="sector">Which density.</param>
    /// <param name="settings">The generator at its point.</param>
    /// <param name="stream">The randomness.</param>
    /// <param name="rows">How many events.</param>
    /// <param name="done">Receives the rows that are written; null for nobody.</param>
    /// <param name="cancellation">Stops; the file is not written then.</param>
    public static void Write(string path, Sector sector, GeneratorSettings settings, RandomStream stream, long rows, Action<long>? done, CancellationToken cancellation)
    {
        var generator = new ToyGenerator(settings);
        var width = sector.Features + sector.ContextFeatures;
        var (x, context, joined) = (new float[BlockRows * sector.Features], new float[BlockRows * sector.ContextFeatures], new float[BlockRows * width]);
        using var writer = TableWriter.Create(path, [.. Features(sector), .. Context(sector)], isSingle: true);
        for (long first = 0; first < rows; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = (int)Math.Min(BlockRows, rows - first);
            sector.Fill(generator, stream, first, count, x.AsSpan(0, sector.Features * count), context.AsSpan(0, sector.ContextFeatures * count));
            for (var i = 0; i < count; i++)
            {
                x.AsSpan(sector.Features * i, sector.Features).CopyTo(joined.AsSpan(i * width));
                context.AsSpan(sector.ContextFeatures * i, sector.ContextFeatures).CopyTo(joined.AsSpan((i * width) + sector.Features));
            }

            writer.Write(joined.AsSpan(0, count * width));
            done?.Invoke(first + count);
        }

        writer.Complete();
    }
}
