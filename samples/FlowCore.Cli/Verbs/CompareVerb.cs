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
            Arity = new ArgumentArity(1, 4),
        };
        var output = new Option<string>("--output", "-o") { Description = "The figure, an .svg file.", HelpName = "FILE", DefaultValueFactory = _ => "compare.svg" };
        var columns = ColumnList.Option("--columns", "The columns to compare, with commas between them. [default: the model's, or those of the first sample]");
        var model = new Option<string?>("--model")
        {
            Description = "A saved model to compare with: as many rows as the first sample has, in the context of --context, or of the first sample's own columns where the model notes their names.",
            HelpName = "FILE",
        };
        var baseFlow = ModelOptions.Base();
        var conditions = ModelOptions.Context();
        var nuisances = ModelOptions.Nuisances();
        var seed = CommonOptions.Seed();
        var threads = CommonOptions.Threads();
        var where = CommandDevice.Option();
        var table = new TableFlags();
        var exchange = new ExchangeOptions();
        var command = new Command("compare", "Draw samples against each other in every variable and every pair of variables, as SVG, and test whether the first two have one distribution.")
        {
            files, output, columns, model, baseFlow, conditions, nuisances, seed, threads, where,
        };
        table.AddTo(command);
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            var names = parsed.GetRequiredValue(files);
            OutputFile.Check(path, "--output", mayReplace: true, [.. names, parsed.GetValue(model), parsed.GetValue(baseFlow), parsed.GetValue(conditions), parsed.GetValue(nuisances)]);
            ModelOptions.RequireExtension(path, "--output", ".svg");
            var chosen = parsed.GetValue(columns) is { } list ? ColumnList.Split(list, "--columns") : null;
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
                samples = ReadAll(context, names, card.Columns, table.Read(parsed));
                samples.Insert(1, Drawn(context, opened, modelPath, card, samples[0], names[0], parsed.GetValue(conditions), parsed.GetValue(nuisances), random, table.Read(parsed)));
                RequireAlike(samples[1], samples[0]);
            }
            else
            {
                samples = ReadAll(context, names, chosen, table.Read(parsed));
            }

            var figure = SampleTable.Figure("Samples compared: regions with 39 and 86 % of the rows", samples);
            if (samples.Count > 1)
                Test(context.Reporter, samples[0], samples[1], new TwoSampleOptions { Seed = random, Device = CommandDevice.HostOf(device.Device) });
            AtomicFile.WriteText(path, figure.ToSvg());
            context.Reporter.Line($"Wrote {path}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static List<SampleTable> ReadAll(CommandContext context, string[] files, IReadOnlyList<string>? columns, TableOptions options)
    {
        var samples = new List<SampleTable>();
        foreach (var file in files)
        {
            using var table = Table.Open(file, options);
            foreach (var note in table.Notes)
                context.Reporter.Line(note);
            columns ??= [.. table.Columns];
            samples.Add(SampleTable.Of(RowSet.Load(context, table, columns, [], weights: null)));
        }

        return samples;
    }

    private static SampleTable Drawn(
        CommandContext context, DensityModel<float> model, string path, ModelCard card, SampleTable first, string firstFile, string? conditions, string? nuisances, ulong seed, TableOptions options)
    {
        if (conditions is not null || model.ContextFeatures == 0 || card.ContextColumns is not { } names)
            return ModelSample.Draw(model, path, card, first.Count, conditions, nuisances, seed);
        using var table = Table.Open(firstFile, options);
        var given = RowSet.Load(context, table, [.. first.Variables], names, weights: null);
        using var points = RowSource<float>.OpenOptional(nuisances, "--nu", "nuisances", model.Nuisances, rows: null, blockRows: 1);
        var drawn = new float[given.X.Length];
        model.Sample(new RandomStream(seed), 0, new Conditions<float>(given.Context, points is null ? [] : points.Next(1).ToArray()), drawn, default);
        context.Reporter.Line($"{path}: drawn at the {string.Join(", ", names)} of {firstFile}.");
        return new SampleTable(path, card.NamesOr(model.Features), drawn);
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
        TwoSampleResult[] tests = [TwoSample.Energy<float>(first.X, second.X, features, options), TwoSample.Mmd<float>(first.X, second.X, features, options)];
        List<IReadOnlyList<string>> lines = [.. tests.Select(test => (IReadOnlyList<string>)[test.Name, test.Statistic.ToString("g4", culture), test.PValue.ToString("g3", culture), ""])];
        lines.AddRange(TwoSample.Kolmogorov<float>(first.X, second.X, features).Select(test => (IReadOnlyList<string>)
            [$"Kolmogorov-Smirnov of {first.Variables[test.Column]}", test.Distance.ToString("g4", culture), test.PValue.ToString("g3", culture), test.CorrectedP.ToString("g3", culture)]));
        reporter.Line($"{first.Name} ({first.Count} rows) against {second.Name} ({second.Count} rows):");
        reporter.Table(["test", "statistic", "p", "corrected p"], lines);
    }
}
