using CommandLine;
using FlowCore.Cli.Data;
using FlowCore.Distributions;

namespace FlowCore.Cli.Judging;

/// <summary>A model and the rows that it is judged on.</summary>
/// <param name="Path">The model's file.</param>
/// <param name="Model">The model.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Nuisances">One row of nuisances for all; empty where the model has none.</param>
internal sealed record JudgedModel(string Path, DensityModel<float> Model, RowSet Rows, float[] Nuisances) : IDisposable
{
    /// <summary>What the rows are conditioned on.</summary>
    public Conditions<float> Conditions => new(Rows.Context, Nuisances);

    /// <summary>Chooses rows at even distances where there are more than are wanted.</summary>
    /// <param name="most">How many are wanted.</param>
    /// <param name="reporter">Where it is said.</param>
    public JudgedModel AtMost(long most, ConsoleReporter reporter)
    {
        if (Rows.Count <= most)
            return this;
        var count = (int)most;
        reporter.Line($"{count} of {Rows.Count} rows are used, at even distances; --rows changes that.");
        return this with
        {
            Rows = Rows with
            {
                X = Chosen(Rows.X, Rows.Columns.Count),
                Context = Chosen(Rows.Context, Rows.ContextColumns.Count),
                Weights = Rows.Weights.Length == 0 ? [] : Chosen(Rows.Weights, 1),
            },
        };

        float[] Chosen(float[] numbers, int width)
        {
            var chosen = new float[count * width];
            for (var i = 0; i < count; i++)
                numbers.AsSpan((int)((long)i * Rows.Count / count) * width, width).CopyTo(chosen.AsSpan(i * width));
            return chosen;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
