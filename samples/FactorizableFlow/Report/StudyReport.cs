using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Dataset;
using FactorizableFlow.Figures;
using FactorizableFlow.Validation;
using FlowCore.IO;

namespace FactorizableFlow.Report;

/// <summary>Makes the report of the study.</summary>
internal static class StudyReport
{
    // Enough for errors that are smaller than the lines in most bins, and for a report in well under a minute.
    private const long LargestSample = 40_000;
    private const int DataEvents = 100_000;

    /// <summary>Draws all figures of a configuration.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="config">The config of the base flows.</param>
    /// <param name="systematics">The config of the residuals.</param>
    /// <param name="models">The models.</param>
    /// <param name="events">Events a point; a figure takes no more than 40,000.</param>
    /// <param name="seed">Seed of the samples.</param>
    public static IReadOnlyList<StudyFigure> Figures(
        CommandContext context, StudyConfig config, StudyConfig systematics, StudyModels models, long events, ulong seed) =>
    [
        .. StudyFigures.Create(context, config, systematics, models, Math.Min(events, LargestSample), seed),
        .. models.Models.Where(model => !model.IsBase).SelectMany(model => ResidualFigures.Create(model, ResidualFigureOptions.Default)),
    ];

    /// <summary>Writes report.html, whole or not at all.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="folder">The folder; it exists.</param>
    /// <param name="parts">The configurations.</param>
    /// <param name="dataConfig">The config of the data set to show.</param>
    /// <param name="seed">The data set's seed.</param>
    public static void Write(CommandContext context, string folder, IReadOnlyList<ReportPart> parts, string dataConfig, ulong seed)
    {
        var config = StudyConfigReader.Read(dataConfig);
        var settings = config.Require(config.Generator, "generator", "reproduce");
        var data = ToyDataset.Generate(settings, DataEvents, seed, threads: 0, _ => { }, context.Cancellation);
        AtomicFile.WriteText(Path.Combine(folder, "report.html"), ReportPage.Render(parts, DatasetFigures.Create(data, settings)));
    }
}
