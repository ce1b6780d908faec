using System.CommandLine;
using System.Globalization;
using FactorizableFlow.Application;
using FactorizableFlow.Dataset;
using FactorizableFlow.Exchange;
using FactorizableFlow.Figures;
using FactorizableFlow.Training;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Random;
using Plotting;

namespace FactorizableFlow.Verbs;

/// <summary>compare: draws samples, of files or of any saved model, in every pair of variables.</summary>
internal sealed class CompareVerb : IVerb
{
    private const string Name = "compare";
    private const int LargestDimension = 20;
    private const int LargestSample = 10_000_000;

    public Command CreateCommand(StudyContext context)
    {
        var files = new Argument<string[]>("samples")
        {
            Description = "One to four samples: .npy files of shape [n, variables], or .npz data sets of generate-dataset.",
            Arity = new ArgumentArity(1, 4),
        };
        var output = new Option<string>("--output", "-o") { Description = "The figure, an .svg file.", HelpName = "FILE", DefaultValueFactory = _ => "compare.svg" };
        var model = new Option<string?>("--model")
        {
            Description = "A saved model to compare with: drawn in the context of the first sample, if that is a data set of the toy, or of --context.",
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
                var chosen = parsed.GetValue(seed) ?? ValidationOptions.DefaultSeed;
                tables.Add(Draw(opened, modelPath, names[0], tables, parsed.GetValue(conditions), parsed.GetValue(nuisances), chosen));
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
        if (Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase))
        {
            var columns = ClassColumns.Of(ToyDataset.Load(path));
            return new SampleTable(path, [.. Looks.XNames, .. Looks.YNames], [.. Enumerable.Range(0, 4).Select(columns.Both)]);
        }

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
        DensityModel<float> model, string path, string firstFile, List<SampleTable> tables, string? conditions, string? nuisances, ulong seed)
    {
        var rows = tables[0].Columns[0].Length;
        var isToy = Path.GetExtension(firstFile).Equals(".npz", StringComparison.OrdinalIgnoreCase);
        float[] context;
        if (conditions is null && isToy)
        {
            context = ToyContext(model, path, firstFile);
        }
        else
        {
            using var source = RowSource<float>.OpenOptional(conditions, "--context", "context features", model.ContextFeatures, rows, rows);
            context = All(source, rows, model.ContextFeatures);
        }

        using var points = RowSource<float>.OpenOptional(nuisances, "--nu", "nuisances", model.Nuisances, rows, rows);
        var drawn = new float[rows * model.Features];
        model.Sample(new RandomStream(seed), 0, new(context, All(points, rows, model.Nuisances)), drawn, default);
        var sampled = Split(path, Array.ConvertAll(drawn, value => (double)value), model.Features);
        if (!isToy || tables[0].Columns.Length == model.Features)
            return sampled;

        // A data set of the toy has x and y; the model draws one of them.
        var isKinematic = Sector.OfShape(model.Features, model.ContextFeatures) is { IsKinematic: true };
        for (var i = 0; i < tables.Count; i++)
            tables[i] = isKinematic ? new SampleTable(tables[i].Name, Looks.XNames, tables[i].Columns[..2]) : tables[i];

        var data = ClassColumns.Of(ToyDataset.Load(firstFile));
        return isKinematic ? sampled : new SampleTable(path, tables[0].Variables, [data.Both(0), data.Both(1), .. sampled.Columns]);
    }

    // Rows in the order of ClassColumns.Both: class A, then class B.
    private static float[] ToyContext(DensityModel<float> model, string path, string file)
    {
        if (Sector.OfShape(model.Features, model.ContextFeatures) is not { } sector)
        {
            throw new ModelFormatException(
                path, null, $"The model takes {model.Features} features and {model.ContextFeatures} context features, so it is none of the toy; give its context with --context.");
        }

        var data = ClassColumns.Of(ToyDataset.Load(file));
        List<float> context = [];
        for (var label = 0; label < 2; label++)
        {
            for (var i = 0; i < data[label, 0].Length; i++)
            {
                context.AddRange(label == 0 ? [1, 0] : [0, 1]);
                if (!sector.IsKinematic)
                    context.AddRange([(float)data[label, 0][i], (float)data[label, 1][i]]);
            }
        }

        return [.. context];
    }

    private static float[] All(RowSource<float>? source, int rows, int columns)
    {
        if (source is null || columns == 0)
            return [];

        return source.Next(source.IsShared ? 1 : rows).ToArray();
    }
}
