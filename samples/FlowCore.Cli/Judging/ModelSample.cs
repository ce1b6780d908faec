using CommandLine;
using FlowCore.Cli.Data;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Cli.Judging;

/// <summary>Draws of a model for a figure.</summary>
internal static class ModelSample
{
    /// <summary>Draws rows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Its file.</param>
    /// <param name="card">What it calls its columns.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="conditions">--context: a file or numbers; null for none.</param>
    /// <param name="nuisances">--nu: a file or numbers; null for none.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="UsageException">The model takes what is not given, or takes none of what is.</exception>
    public static SampleTable Draw(DensityModel<float> model, string path, ModelCard card, int rows, string? conditions, string? nuisances, ulong seed)
    {
        using var source = RowSource<float>.OpenOptional(conditions, "--context", "context features", model.ContextFeatures, rows, rows, card.ContextColumns);
        using var points = RowSource<float>.OpenOptional(nuisances, "--nu", "nuisances", model.Nuisances, rows, rows);
        var drawn = new float[rows * model.Features];
        model.Sample(new RandomStream(seed), 0, new Conditions<float>(All(source, rows), All(points, rows)), drawn, default);
        WholeNumbers<float>.Of(model).Floor(drawn);
        return new SampleTable(path, card.NamesOr(model.Features), drawn);
    }

    private static float[] All(RowSource<float>? source, int rows) => source is null ? [] : source.Next(source.IsShared ? 1 : rows).ToArray();
}
