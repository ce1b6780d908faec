using System.CommandLine;
using System.Globalization;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Random;
using Plotting;

namespace FlowCore.Cli.Verbs;

/// <summary>compare: draws samples, of files or of any saved model, in every pair of variables.</summary>
internal sealed class CompareVerb : IVerb
{
    private const string Name = "compare";
    private const int LargestDimension = 20;
    private const int LargestSample = 10_000_000;

    public Command CreateCommand(CommandContext context)
    {
        var files = new Argument<string[]>("samples")
        {
            Description = "One to four samples: .npy files of shape [n, variables].",
            Arity = new ArgumentArity(1, 4),
        };
        var output = new Option<string>("--output", "-o") { Description = "The figure, an .svg file.", HelpName = "FILE", DefaultValueFactory = _ => "compare.svg" };
        var model = new Option<string?>("--model")
        {
            Description = "A saved model to compare with: as many rows as the first sample has, in the context of --context.",
            HelpName = "FILE",
        };
        var baseFlow = ModelOptions.Base();
        var conditions = ModelOptions.Context();
        var nuisances = ModelOptions.Nuisances();
        var seed = CommonOptions.Seed();
        var threads = CommonOptions.Threads();
        var command = new Command(Name, "Draw samples against each other in every variable and every pair of variables, as SVG.")
        {
            files, output, model, baseFlow, conditions, nuisances, seed, threads,
        };
        var exchange = new ExchangeOptions();
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            var names = parsed.GetRequiredValue(files);
            OutputFile.Check(path, "--output", mayReplace: true, [.. names, parsed.GetValue(model), parsed.GetValue(baseFlow), parsed.GetValue(conditions), parsed.GetValue(nuisances)]);
            List<SampleTable> tables = [.. names.Select(Read)];
            if (parsed.GetValue(model) is { } modelPath)
            {
                using var device = new CpuDevice(parsed.GetValue(threads) ?? 0);
                using var opened = ModelReader.Open<float>(context.Reporter, modelPath, exchange.Read(parsed), parsed.GetValue(baseFlow), device);
                var chosen = parsed.GetValue(seed) ?? CommonOptions.DefaultSeed;
                tables.Add(Draw(opened, modelPath, tables, parsed.GetValue(conditions), parsed.GetValue(nuisances), chosen));
            }

            Figure(tables).SaveSvg(path);
            context.Reporter.Line($"Wrote {path}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static Figure Figure(List<SampleTable> tables)
    {
        if (tables.Count > 4)
            throw new UsageException("A figure compares at most four samples, the model's among them.");

        foreach (var table in tables)
        {
            if (table.Columns.Length != tables[0].Columns.Length)
            {
                throw new InvalidDataException(
                    $"'{table.Name}' has {table.Columns.Length} variables and '{tables[0].Name}' has {tables[0].Columns.Length}, so they cannot be compared.");
            }
        }

        return PairPlot.Create(
            "Samples compared: regions with 39 and 86 % of the events",
            tables[0].Variables,
            [.. tables.Select(table => new PairSample(MathText.Escape(Path.GetFileName(table.Name)), table.Columns))]);
    }

    private static SampleTable Read(string path)
    {
        using var reader = new NpyReader(path);
        var width = reader.Shape.Length == 1 ? 1 : reader.RowLength;
        var rows = reader.Shape.Length == 0 ? 0 : reader.Shape[0];
        if (reader.Shape.Length is < 1 or > 2 || width is < 1 or > LargestDimension || rows is < 1 or > LargestSample)
        {
            throw new ModelFormatException(
                path, null, $"Expected the shape [n, variables] with 1 to {LargestSample} rows and 1 to {LargestDimension} variables, got [{string.Join(", ", reader.Shape)}].");
        }

        var values = new double[rows * width];
        reader.ReadRows<double>(values);
        return Split(path, values, (int)width);
    }

    private static SampleTable Split(string name, double[] values, int width)
    {
        double[][] columns = [.. Enumerable.Range(0, width).Select(_ => new double[values.Length / width])];
        for (var i = 0; i < values.Length; i++)
            columns[i % width][i / width] = values[i];

        return new SampleTable(name, [.. Enumerable.Range(1, width).Select(k => string.Create(CultureInfo.InvariantCulture, $"$x_{{{k}}}$"))], columns);
    }

    private static SampleTable Draw(
        DensityModel<float> model, string path, List<SampleTable> tables, string? conditions, string? nuisances, ulong seed)
    {
        var rows = tables[0].Columns[0].Length;
        using var source = RowSource<float>.OpenOptional(conditions, "--context", "context features", model.ContextFeatures, rows, rows);
        var context = All(source, rows, model.ContextFeatures);
        using var points = RowSource<float>.OpenOptional(nuisances, "--nu", "nuisances", model.Nuisances, rows, rows);
        var drawn = new float[rows * model.Features];
        model.Sample(new RandomStream(seed), 0, new(context, All(points, rows, model.Nuisances)), drawn, default);
        return Split(path, Array.ConvertAll(drawn, value => (double)value), model.Features);
    }

    private static float[] All(RowSource<float>? source, int rows, int columns)
    {
        if (source is null || columns == 0)
            return [];

        return source.Next(source.IsShared ? 1 : rows).ToArray();
    }
}
