using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Distributions;
using FlowCore.Random;
using Tables;

namespace FlowCore.Tests.Templates;

/// <summary>The study's toy as files: a Parquet table for the nominal point and for each template of configs/systematics.yaml, and its truth.</summary>
internal static class ToyTables
{
    /// <summary>The points of the study's templates.</summary>
    public static readonly (double Shift, double Squeeze)[] Points = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)];

    private const int BlockRows = 8192;

    /// <summary>The columns of a sector: its features, then its context.</summary>
    public static string[] Columns(Sector sector) => sector.IsKinematic ? ["x1", "x2", "a", "b"] : ["y1", "y2", "a", "b", "x1", "x2"];

    /// <summary>Writes the tables.</summary>
    /// <returns>The nominal file, and what --template says of the others.</returns>
    public static (string Nominal, string[] Templates) Write(string folder, Sector sector, int nominalRows, int rows)
    {
        var nominal = Path.Combine(folder, "nominal.parquet");
        Write(nominal, sector, 0, 0, nominalRows, seed: 100);
        return (nominal, [.. Points.Select((point, i) =>
        {
            var file = Path.Combine(folder, FormattableString.Invariant($"template{i}.parquet"));
            Write(file, sector, point.Shift, point.Squeeze, rows, (ulong)(101 + i));
            return FormattableString.Invariant($"{point.Shift:+0;-0;0},{point.Squeeze:+0;-0;0}={file}");
        })]);
    }

    /// <summary>KL(truth ‖ model) in nats and its standard error, on fresh events.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sector">Which density it is.</param>
    /// <param name="truth">ν of the events.</param>
    /// <param name="at">ν of the model; empty for a base.</param>
    /// <param name="events">How many events.</param>
    public static (double Kl, double Error) Divergence(DensityModel<float> model, Sector sector, (double Shift, double Squeeze) truth, float[] at, int events)
    {
        var generator = new ToyGenerator(GeneratorSettings.Study.At(truth.Shift, truth.Squeeze));
        var x = new float[events * 2];
        var context = new float[events * sector.ContextFeatures];
        sector.Fill(generator, new RandomStream(77), 0, events, x.AsSpan(), context.AsSpan());
        var density = new float[events];
        model.LogDensity(x, new Conditions<float>(context, at), density);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < events; i++)
        {
            var own = context.AsSpan(i * sector.ContextFeatures, sector.ContextFeatures);
            var difference = (sector.IsKinematic
                ? generator.Truth.LogDensityX(x[2 * i], x[(2 * i) + 1], (int)own[1])
                : generator.Truth.LogDensityY(x[2 * i], x[(2 * i) + 1], own[2], own[3], (int)own[1])) - density[i];
            sum += difference;
            squares += difference * difference;
        }

        var mean = sum / events;
        return (mean, Math.Sqrt(((squares / events) - (mean * mean)) / events));
    }

    private static void Write(string path, Sector sector, double shift, double squeeze, int rows, ulong seed)
    {
        var generator = new ToyGenerator(GeneratorSettings.Study.At(shift, squeeze));
        var width = 2 + sector.ContextFeatures;
        var (x, context, joined) = (new float[BlockRows * 2], new float[BlockRows * sector.ContextFeatures], new float[BlockRows * width]);
        using var writer = TableWriter.Create(path, Columns(sector), isSingle: true);
        for (var first = 0; first < rows; first += BlockRows)
        {
            var count = Math.Min(BlockRows, rows - first);
            sector.Fill(generator, new RandomStream(seed), first, count, x.AsSpan(0, 2 * count), context.AsSpan(0, sector.ContextFeatures * count));
            for (var i = 0; i < count; i++)
            {
                x.AsSpan(2 * i, 2).CopyTo(joined.AsSpan(i * width));
                context.AsSpan(i * sector.ContextFeatures, sector.ContextFeatures).CopyTo(joined.AsSpan((i * width) + 2));
            }

            writer.Write(joined.AsSpan(0, count * width));
        }

        writer.Complete();
    }
}
