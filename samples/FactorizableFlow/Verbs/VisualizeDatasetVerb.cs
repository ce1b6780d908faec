using System.CommandLine;
using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Dataset;
using FactorizableFlow.Figures;
using FactorizableFlow.Generator;
using FactorizableFlow.Validation;

namespace FactorizableFlow.Verbs;

/// <summary>visualize-dataset: draws a data set of generate-dataset.</summary>
internal sealed class VisualizeDatasetVerb : IVerb
{
    private const string Name = "visualize-dataset";

    public Command CreateCommand(CommandContext context)
    {
        var dataset = new Argument<string>("dataset") { Description = "The .npz file that generate-dataset wrote." };
        var folder = ValidationOptions.OutputFolder("dataset_figures");
        var config = new Option<string?>("--cfg", "-c")
        {
            Description = "The config the data set was generated with: its truth is drawn as well.",
            HelpName = "FILE",
        };
        var command = new Command(Name, "Draw a data set: planes, distributions and stacks of x and y, as SVG.") { dataset, folder, config };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(dataset);
            var output = parsed.GetRequiredValue(folder);
            var settings = parsed.GetValue(config) is { } file ? Settings(StudyConfigReader.Read(file)) : null;
            var data = ToyDataset.Load(path);
            if (data.Count == 0)
                throw new InvalidDataException($"The data set '{path}' holds no event, so there is nothing to draw.");

            ResultFiles.PrepareFolder(output);

            // The file knows its nuisances; the config knows what they do.
            settings = settings is null ? null : settings with
            {
                VariationShift = data.Nuisances[0],
                VariationRotation = data.Nuisances[1],
                VariationSqueeze = data.Nuisances[2],
            };
            var figures = DatasetFigures.Create(data, settings);
            FigureFolder.Save(output, figures);
            context.Reporter.Line($"Wrote {figures.Count} figures to {output}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static GeneratorSettings Settings(StudyConfig config) => config.Require(config.Generator, "generator", Name);
}
