using System.CommandLine;
using System.Globalization;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Data;
using FlowCore.Cli.Judging;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Random;
using Tables;

namespace FlowCore.Cli.Verbs;

/// <summary>compare: samples, of files or of any saved model, in every pair of variables, and whether the first two have one distribution.</summary>
internal sealed class CompareVerb : IVerb
{
    public Command CreateCommand(CommandContext context)
    {
        var files = new Argument<string[]>("SAMPLES")
        {
            Description = $"One to four samples: {TableFlags.Kinds}.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o") { Description = "The figure, an .svg file.", HelpName = "FILE", DefaultValueFactory = _ => "compare.svg" };
        var columns = ColumnList.Option("--columns", "The columns to compare, with commas between them. [default: the model's, or those of the first sample]");
        var model = new Option<string?>("--model")
        {
            Description = "A saved model to compare with: as many rows as the first sample has, in the context of --context, or of the first sample's own columns where the model notes their names.",
            HelpName = "FILE",
        };
        var weightColumn = WeightColumn.Option();
        var baseFlow = ModelOptions.Base();
        var conditions = ModelOptions.Context();
        var nuisances = ModelOptions.Nuisances();
        var seed = CommonOptions.Seed();
        var force = CommonOptions.Force();
        var threads = CommonOptions.Threads();
        var where = CommandDevice.Option();
        var table = new TableFlags();
        var exchange = new ExchangeOptions();
        var command = new Command("compare", "Draw samples against each other in every variable and every pair of variables, as SVG, and test whether the first two have one distribution.")
        {
            files, output, columns, model, weightColumn, conditions, nuisances, seed, force, baseFlow,
        };
        table.AddTo(command);
        command.Add(threads);
        command.Add(where);
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            var names = parsed.GetRequiredValue(files);
            var count = names.Length + (parsed.GetValue(model) is null ? 0 : 1);
            if (count > SampleTable.MostSamples)
                throw new UsageException($"compare takes at most {SampleTable.MostSamples} samples, the draws of --model among them, but there are {count}.");
            ModelOptions.RequireExtension(path, "--output", ModelOptions.Figure);
            OutputFile.Check(path, "--output", parsed.GetValue(force), [.. names, parsed.GetValue(model), parsed.GetValue(baseFlow), parsed.GetValue(conditions), parsed.GetValue(nuisances)]);
            var chosen = parsed.GetValue(columns) is { } list ? ColumnList.Split(list, "--columns") : null;
            var asked = parsed.GetValue(weightColumn);
            var random = parsed.GetValue(seed) ?? CommonOptions.DefaultSeed;
            using var device = CommandDevice.Open(context, parsed.GetValue(where), configured: null, parsed.GetValue(threads) ?? 0);
            List<SampleTable> samples;
            if (parsed.GetValue(model) is { } modelPath)
            {
                var options = exchange.Read(parsed);
                var tensors = ModelTensors.Read(modelPath, options.Key);
                using var opened = ModelReader.Open<float>(context.Reporter, tensors, options, parsed.GetValue(baseFlow), device.Device);
                var card = ModelCard.Of(tensors, opened.Features, opened.ContextFeatures);
                if (chosen is not null)
                    throw new UsageException("--columns is for samples of files; a model is compared in all of its features.");
                var paired = parsed.GetValue(conditions) is null && opened.ContextFeatures > 0 ? card.ContextColumns : null;
                samples = ReadAll(context, names, card.Columns, paired ?? [], asked, card.Weights, table.Read(parsed), out var given);
                samples.Insert(1, paired is null
                    ? ModelSample.Draw(opened, modelPath, card, samples[0].Count, parsed.GetValue(conditions), parsed.GetValue(nuisances), random)
                    : Drawn(context, opened, modelPath, card, given, parsed.GetValue(nuisances), random));
                RequireAlike(samples[1], samples[0]);
            }
            else
            {
                samples = ReadAll(context, names, chosen, [], asked, noted: null, table.Read(parsed), out _);
            }

            var figure = SampleTable.Figure("Samples compared: regions with 39 and 86 % of the rows", [.. samples.Select(sample => sample.Unweighted(random))]);
            if (samples.Count > 1)
                Test(context.Reporter, samples[0], samples[1], new TwoSampleOptions { Seed = random, Device = CommandDevice.HostOf(device.Device) });
            AtomicFile.WriteText(path, figure.ToSvg());
            context.Reporter.Line($"Wrote {path}.");
            return ExitCode.Success;
        });
        return command;
    }

    // The rows of the first sample come with the columns that the model is drawn at: one row of both, and of its weight, or none.
    private static List<SampleTable> ReadAll(
        CommandContext context, string[] files, IReadOnlyList<string>? columns, IReadOnlyList<string> paired, string? asked, string? noted, TableOptions options, out RowSet first)
    {
        first = null!;
        string[] others = [];
        columns ??= Common(files, asked, options, out others);
        var samples = new List<SampleTable>();
        var hasWeights = asked is null;
        foreach (var file in files)
        {
            using var table = Table.Open(file, options);
            foreach (var note in table.Notes)
                context.Reporter.Line(note);
            var weights = WeightColumn.Of(context.Reporter, table, asked, noted);

            // Simulated rows have weights, the measured ones that they are compared with often have none.
            if (weights is not null && asked is not null && files.Length > 1 && !table.Columns.Contains(weights))
            {
                context.Reporter.Line($"{table.Name} has no column '{weights}': its rows count alike.");
                weights = null;
            }

            hasWeights |= weights is not null || asked == WeightColumn.None;
            var rows = RowSet.Load(context, table, columns, samples.Count == 0 ? paired : [], weights);
            rows.CheckWeights();
            if (rows.Dropped > 0)
                context.Reporter.Warning($"{table.Name}: {rows.Dropped} of {rows.Count + rows.Dropped} rows are left out because a number is missing in them.");
            first ??= rows;
            samples.Add(SampleTable.Of(rows));
        }

        if (!hasWeights)
            throw new IOException($"No sample has the column '{asked}' of --weights.");
        if (others.Length > 0)
            context.Reporter.Warning($"compared are the columns that all samples have, {string.Join(", ", columns)}; left out: {string.Join(", ", others)}.");
        return samples;
    }

    // The columns of the first sample that all others have, without the weights.
    private static string[] Common(string[] files, string? weights, TableOptions options, out string[] others)
    {
        string[] common = [], all = [];
        for (var i = 0; i < files.Length; i++)
        {
            using var table = Table.Open(files[i], options);
            string[] own = [.. table.Columns.Where(column => column != weights)];
            common = i == 0 ? own : [.. common.Intersect(own)];
            all = [.. all.Union(own)];
        }

        if (common.Length == 0)
            throw new IOException($"{string.Join(" and ", files)} have no column in common; there is nothing to compare.");
        others = [.. all.Except(common)];
        return common;
    }

    private static SampleTable Drawn(CommandContext context, DensityModel<float> model, string path, ModelCard card, RowSet given, string? nuisances, ulong seed)
    {
        using var points = RowSource<float>.OpenOptional(nuisances, "--nu", "nuisances", model.Nuisances, rows: null, blockRows: 1);
        var drawn = new float[given.Count * model.Features];
        model.Sample(new RandomStream(seed), 0, new Conditions<float>(given.Context, points is null ? [] : points.Next(1).ToArray()), drawn, default);
        WholeNumbers<float>.Of(model).Floor(drawn);
        context.Reporter.Line($"{path}: drawn at the {string.Join(", ", given.ContextColumns)} of {given.Table}.");

        // A draw stands at the conditions of its row, and counts as the row does.
        return new SampleTable(path, card.NamesOr(model.Features), drawn) { Weights = given.Weights };
    }

    private static void RequireAlike(SampleTable model, SampleTable sample)
    {
        if (model.Variables.Count != sample.Variables.Count)
        {
            throw new InvalidDataException(
                $"'{model.Name}' has {model.Variables.Count} variables and '{sample.Name}' has {sample.Variables.Count}, so they cannot be compared.");
        }
    }

    private static void Test(ConsoleReporter reporter, SampleTable first, SampleTable second, TwoSampleOptions options)
    {
        var features = first.Variables.Count;
        if (first.Count < 2 || second.Count < 2)
        {
            reporter.Warning($"Whether the samples have one distribution is not tested: that takes 2 rows of each, but {first.Name} has {first.Count} and {second.Name} has {second.Count}.");
            return;
        }

        var culture = CultureInfo.InvariantCulture;
        var (one, other) = (first.Unweighted(options.Seed), second.Unweighted(options.Seed));
        if (one.Count < 2 || other.Count < 2)
            throw new IOException($"Expected at least 2 rows of each sample after the choice by weight, got {one.Count} and {other.Count}; few rows have most of the weight.");
        TwoSampleResult[] tests = [TwoSample.Energy<float>(one.X, other.X, features, options), TwoSample.Mmd<float>(one.X, other.X, features, options)];
        List<IReadOnlyList<string>> lines = [.. tests.Select(test => (IReadOnlyList<string>)[test.Name, test.Statistic.ToString("g4", culture), test.PValue.ToString("g3", culture), ""])];
        lines.AddRange(TwoSample.Kolmogorov<float>(first.X, second.X, features, first.Weights, second.Weights).Select(test => (IReadOnlyList<string>)
            [$"Kolmogorov-Smirnov of {first.Variables[test.Column]}", test.Distance.ToString("g4", culture), test.PValue.ToString("g3", culture), test.CorrectedP.ToString("g3", culture)]));
        reporter.Line($"{first.Name} ({first.Count} rows) against {second.Name} ({second.Count} rows):");
        if (first.Weights.Length + second.Weights.Length > 0)
            reporter.Line($"Kolmogorov-Smirnov weighs the rows; the other tests and the figure have {one.Count} and {other.Count} rows, kept with the probability of their weight over the largest one.");

        reporter.Table(["test", "statistic", "p", "corrected p"], lines);
    }
}
