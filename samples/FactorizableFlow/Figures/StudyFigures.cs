using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using FlowCore.Training;

namespace FactorizableFlow.Figures;

/// <summary>All figures of trained models, as validate-flows and the report show them.</summary>
internal static class StudyFigures
{
    /// <summary>Draws base flows and residuals against the truth, and how they were trained.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="config">The config of the base flows.</param>
    /// <param name="systematics">The config of the residuals, or null.</param>
    /// <param name="models">The models.</param>
    /// <param name="events">Events a sample, at least 1; a figure shows no more with 200,000.</param>
    /// <param name="seed">Seed of the samples.</param>
    public static IReadOnlyList<StudyFigure> Create(
        CommandContext context, StudyConfig config, StudyConfig? systematics, StudyModels models, long events, ulong seed)
    {
        var count = (int)Math.Clamp(events, 1, 200_000);
        return context.Reporter.Track("draw figures", models.Models.Count, progress =>
        {
            List<StudyFigure> figures = [];
            var done = 0;
            foreach (var model in models.Models)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                figures.AddRange(model.IsBase
                    ? BaseFigures.Create(model, count, seed)
                    : SystematicsFigures.Create(model, model.Sector.Templates(systematics!), count, seed));
                if (Training(config, systematics, model) is { } training)
                    figures.Add(training);

                progress.Report(++done, model.Name);
            }

            return figures;
        });
    }

    // A model without its history, or with one that cannot be read, has no such figure.
    private static StudyFigure? Training(StudyConfig config, StudyConfig? systematics, StudyModel model)
    {
        var path = RunFiles.History(model.File);
        if (!File.Exists(path))
            return null;

        try
        {
            var history = TrainingHistory.Read(path);
            var source = model.IsBase ? config : systematics!;
            var settings = model.Sector.OptionalTraining(source);
            var templates = model.IsBase ? [new SystematicTemplate("generator", model.Generator.Nominal, [])] : model.Sector.Templates(source);
            var widening = settings?.ContextWidening ?? 1;
            return TrainingFigures.Create(
                model.Name, history, Entropy(model.Sector, templates), widening == 1 ? null : Entropy(model.Sector, ContextWidening.Apply(templates, widening)),
                settings?.ValidationEvents ?? 20_000);
        }
        catch (Exception error) when (error is FormatException or IOException)
        {
            return null;
        }
    }

    private static TruthEntropy? Entropy(Sector sector, IReadOnlyList<SystematicTemplate> templates) =>
        templates.Count == 0 ? null : TruthEntropy.Of(sector, [.. templates.Select(template => template.Generator)]);
}
