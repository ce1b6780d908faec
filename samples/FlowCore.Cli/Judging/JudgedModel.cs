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
    private const int FewestRows = 20;

    /// <summary>What the rows are conditioned on.</summary>
    public Conditions<float> Conditions => new(Rows.Context, Nuisances);

    /// <summary>Chooses rows at even distances where there are more than are wanted.</summary>
    /// <param name="most">How many are wanted.</param>
    /// <param name="reporter">Where it is said.</param>
    public JudgedModel AtMost(long most, ConsoleReporter reporter)
    {
        if (Rows.Count <= most)
            return this;
        reporter.Line($"{most} of {Rows.Count} rows are used, at even distances; --rows changes that.");
        return this with { Rows = Rows.At(RowChoice.Evenly(Rows.Count, (int)most)) };
    }

    /// <summary>Rows that count alike in place of weighted ones, by acceptance and rejection.</summary>
    /// <param name="seed">The seed of the choice.</param>
    /// <param name="reporter">Where it is said.</param>
    /// <exception cref="IOException">Too few rows are left to judge a model on.</exception>
    public JudgedModel Unweighted(ulong seed, ConsoleReporter reporter)
    {
        if (Rows.Weights.Length == 0)
            return this;
        var kept = RowChoice.ByWeight(Rows.Weights, seed);
        reporter.Line($"{kept.Length} of {Rows.Count} rows are left to judge on, each kept with the probability of its weight over the largest one, so that they count alike.");
        return kept.Length >= FewestRows
            ? this with { Rows = Rows.At(kept) with { Weights = [] } }
            : throw new IOException($"{Rows.Table}: Expected at least {FewestRows} rows after the choice by weight, got {kept.Length}; few rows have most of the weight.");
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
