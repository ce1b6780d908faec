using CommandLine;
using FlowCore.Cli.Data;
using Plotting;

namespace FlowCore.Cli.Judging;

/// <summary>A sample to draw and to compare. Immutable.</summary>
/// <param name="Name">The file it is from.</param>
/// <param name="Variables">The variables' names.</param>
/// <param name="X">Row-major [rows, variables].</param>
internal sealed record SampleTable(string Name, IReadOnlyList<string> Variables, float[] X)
{
    /// <summary>The most variables of a figure.</summary>
    public const int LargestDimension = 20;

    /// <summary>The most samples of a figure.</summary>
    public const int MostSamples = 4;

    /// <summary>[rows]; empty for ones.</summary>
    public float[] Weights { get; init; } = [];

    /// <summary>How many rows.</summary>
    public int Count => X.Length / Variables.Count;

    /// <summary>Draws samples against each other in every variable and every pair of variables.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="samples">One to four samples of the same variables.</param>
    /// <exception cref="UsageException">There are too many samples or variables for a figure.</exception>
    public static Figure Figure(string title, params IReadOnlyList<SampleTable> samples)
    {
        if (samples.Count > MostSamples)
            throw new UsageException($"A figure compares at most {MostSamples} samples, but there are {samples.Count}.");
        if (samples[0].Variables.Count > LargestDimension)
            throw new UsageException($"A figure has at most {LargestDimension} variables, but there are {samples[0].Variables.Count}; --columns chooses some.");
        return PairPlot.Create(
            MathText.Escape(title),
            [.. samples[0].Variables.Select(MathText.Escape)],
            [.. samples.Select(sample => new PairSample(MathText.Escape(Path.GetFileName(sample.Name)), sample.Columns()))]);
    }

    /// <summary>The sample of rows.</summary>
    /// <param name="rows">The rows.</param>
    public static SampleTable Of(RowSet rows) => new(rows.Table, rows.Columns, rows.X) { Weights = rows.Weights };

    /// <summary>Rows that count alike in place of weighted ones.</summary>
    /// <param name="seed">The seed of the choice.</param>
    public SampleTable Unweighted(ulong seed) => Weights.Length == 0 ? this : this with { X = RowChoice.Of(X, Variables.Count, RowChoice.ByWeight(Weights, seed)), Weights = [] };

    private double[][] Columns()
    {
        double[][] columns = [.. Variables.Select(_ => new double[Count])];
        for (var i = 0; i < X.Length; i++)
            columns[i % Variables.Count][i / Variables.Count] = X[i];
        return columns;
    }
}
