using System.CommandLine;
using CommandLine;
using FlowCore.Training;

namespace Mbank;

/// <summary>page and regression: a flow inside a box on data that the program draws.</summary>
/// <param name="name">The name.</param>
/// <param name="description">Its help.</param>
/// <param name="usual">The settings where flags are left out.</param>
internal sealed class BoxVerb(string name, string description, MbankOptions usual) : IVerb
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public Command CreateCommand(CommandContext context)
    {
        var output = FolderOption.Create("--output", "Where model, history and figures go.", usual.Output);
        var steps = NumberOption.Whole("--steps", "Steps of the training.", usual.Steps);
        var batch = NumberOption.Whole("--batch-size", "Rows of a step.", usual.BatchSize);
        var rows = NumberOption.Whole("--rows", "Rows, a tenth of them for validation.", usual.Rows, minimum: 100);
        var layers = NumberOption.Whole("--layers", "Pairs of a linear map and a masked transform.", usual.Layers);
        var hidden = NumberOption.Whole("--hidden", "Units of the hidden layers.", usual.Hidden);
        var rate = NumberOption.Rate("--rate", "Learning rate of Adam.", usual.Rate);
        var validation = NumberOption.Whole("--validation", "Steps from one validation to the next.", usual.ValidationStep);
        var metric = ChoiceOption.Create("--metric", "The metric of the validation rows as noise.", MetricText.Words);
        var frames = NumberOption.Whole("--frames", "A figure of samples every so many steps; 0 for none.", usual.Frames, minimum: 0);
        var loss = ChoiceOption.Create("--loss", "Whether all rows count alike.", ("mean", RegressionLoss.Mean), ("weighted", RegressionLoss.Weighted));
        var seed = CommonOptions.Seed();
        var command = new Command(name, description) { output, steps, batch, rows, layers, hidden, rate, validation };
        if (usual.IsRegression)
        {
            command.Add(loss);
        }
        else
        {
            command.Add(metric);
            command.Add(frames);
        }

        command.Add(seed);
        command.SetAction(parsed =>
        {
            var settings = usual with
            {
                Output = parsed.GetRequiredValue(output),
                Steps = parsed.GetValue(steps),
                BatchSize = parsed.GetValue(batch),
                Rows = parsed.GetValue(rows),
                Layers = parsed.GetValue(layers),
                Hidden = parsed.GetValue(hidden),
                Rate = parsed.GetValue(rate),
                ValidationStep = parsed.GetValue(validation),
                Metric = usual.IsRegression ? usual.Metric : parsed.GetValue(metric),
                Frames = usual.IsRegression ? usual.Frames : parsed.GetValue(frames),
                Loss = usual.IsRegression ? parsed.GetValue(loss) : usual.Loss,
                Seed = parsed.GetValue(seed) ?? usual.Seed,
            };
            OutputFile.PrepareFolder(settings.Output);
            return MbankProgram.TrainAndSave(context, settings.Steps, settings.Output, isVerbose: true, (lines, progress, cancellation) => Run(settings, lines, progress, cancellation));
        });
        return command;
    }

    private static IRunResult Run(MbankOptions settings, TextWriter output, IProgress<TrainingProgress>? progress, CancellationToken cancellation) =>
        settings.IsRegression ? RegressionRun.Run(settings, output, progress, cancellation) : PageRun.Run(settings, output, progress, cancellation);
}
