using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli;
using FlowCore.Files;
using FlowCore.Templates;
using FlowCore.Training;

namespace Responses;

/// <summary>Files of a known density, and a response that is fitted to them.</summary>
internal sealed class ClosureRun(CommandContext context, ResponseProblem problem, string folder, int rows, int nominalRows, int? epochs, bool fitsBase)
{
    /// <summary>Where the response goes.</summary>
    public string Output => Path.Combine(folder, $"{problem.Name}.safetensors");

    private string? Base => fitsBase ? null : problem.ShippedBase;

    /// <summary>Writes the files and runs flowcore fit-response on them.</summary>
    /// <returns>The model's file.</returns>
    public string Fit()
    {
        Directory.CreateDirectory(folder);
        var (nominal, templates) = problem.Write(folder, nominalRows, rows);
        string[] words =
        [
            "fit-response", "--nominal", nominal, .. Base is { } given ? new[] { "--base", given } : [],
            .. templates.SelectMany(template => (string[])["--template", template]),
            "--columns", string.Join(',', problem.Columns), .. problem.Context.Length > 0 ? new[] { "--context", string.Join(',', problem.Context) } : [],
            "--nuisances", string.Join(',', problem.Nuisances), "-o", Output, "--force",
            .. epochs is { } count ? new[] { "--epochs", count.ToString(System.Globalization.CultureInfo.InvariantCulture) } : [],
        ];
        context.Reporter.Line($"flowcore {string.Join(' ', words)}");
        var code = CliApplication.Run(words, context.Reporter, TextWriter.Null, Console.Error, context.Cancellation);
        return code == ExitCode.Success ? Output : throw new IOException("flowcore fit-response has not made a model.");
    }

    /// <summary>Trains what configs/systematics.yaml of the study says of the score's residual on the rows of the same files.</summary>
    /// <param name="usualEpochs">Epochs where none are given.</param>
    /// <returns>The model's file.</returns>
    public string FitAsStudy(int usualEpochs)
    {
        if (problem.ShippedBase is not { } path)
            throw new UsageException($"--as-study is for the densities of the study, not for '{problem.Name}'.");
        Directory.CreateDirectory(folder);
        using var flow = ModelReader.OpenFlow<float>(path);
        Template<float>[] templates = [.. problem.Templates.Select((nu, i) => Rows(nu, ResponseProblem.SeedOf(i + 1)))];
        var isScore = problem == ToyProblem.Score;
        var training = new TrainingOptions
        {
            Epochs = epochs ?? usualEpochs,
            BatchSize = isScore ? 4096 : 1024,
            Optimiser = OptimiserSettings.AdamW(isScore ? 0.002 : 0.001, weightDecay: 0),
            GradientClip = 10,
            EarlyStopping = null,
            Warn = null,
        };
        using var model = Response.Fit(flow, templates, out _, nominal: null, new ResponseFitOptions
        {
            NuisanceNames = problem.Nuisances,
            Layers = 1,
            HiddenSizes = isScore ? [128, 128, 128] : [128, 128],
            Training = training,
            Log = null,
            Seed = CommonOptions.DefaultSeed,
        }, context.Cancellation);
        model.Save(Output, $$"""{"base":"{{Path.GetRelativePath(folder, path).Replace('\\', '/')}}"}""");
        return Output;
    }

    private Template<float> Rows(double[] nu, ulong seed)
    {
        var (x, conditions) = (new float[rows * problem.Columns.Length], new float[rows * problem.Context.Length]);
        problem.Fill(nu, seed, 0, x, conditions);
        return new Template<float>($"({string.Join(", ", nu)})", nu, x, problem.Columns.Length, conditions, problem.Context.Length);
    }
}
