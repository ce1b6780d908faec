using System.CommandLine;
using System.Globalization;
using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Dataset;
using FactorizableFlow.Training;
using FlowCore.Random;

namespace FactorizableFlow.Verbs;

/// <summary>generate-templates: events of the nominal point and of every template as files, as a user of flowcore has them.</summary>
internal sealed class GenerateTemplatesVerb : IVerb
{
    private const string Name = "generate-templates";
    private const long UsualRows = 100_000;

    // Beside the streams that train and validate.
    private const ulong Substream = 1UL << 40;

    public Command CreateCommand(CommandContext context)
    {
        var config = StudyOptions.Config();
        var rows = CountOption.Create("--rows", $"Events a file. [default: {UsualRows}]", 1);
        var folder = new Option<string>("--out-dir") { Description = "The folder to write to; made where it is not there.", HelpName = "FOLDER", Required = true };
        var (seed, force) = (StudyOptions.Seed(), CommonOptions.Force());
        var command = new Command(Name, "Write the templates of a config as Parquet files, and say the flowcore command that fits a response to them.") { config, folder, rows, seed, force };
        command.SetAction(parsed =>
        {
            var study = StudyConfigReader.Read(parsed.GetRequiredValue(config));
            foreach (var sector in Sector.All.Where(sector => sector.Templates(study).Count > 0))
            {
                var output = Path.Combine(parsed.GetRequiredValue(folder), sector.Name);
                Directory.CreateDirectory(output);
                Run(context, study, sector, output, parsed.GetValue(rows) ?? UsualRows, parsed.GetValue(seed) ?? study.Seed ?? CommonOptions.DefaultSeed, parsed.GetValue(force));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(CommandContext context, StudyConfig config, Sector sector, string folder, long rows, ulong seed, bool force)
    {
        var stream = new RandomStream(seed).Substream(Substream).Substream(sector.IsKinematic ? 0ul : 1ul);
        var points = sector.Templates(config).Prepend(new SystematicTemplate("nominal", config.Require(config.Generator, "generator", Name), [0, 0])).ToList();
        List<string> templates = [];
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var file = Path.Combine(folder, point.Name + ".parquet");
            OutputFile.Check(file, "--out-dir", force, config.File);
            var own = stream.Substream((ulong)i);
            context.Poll($"write {sector.Name} {point.Name}", rows, progress =>
            {
                TemplateTables.Write(file, sector, point.Generator, own, rows, done => progress.Report(done), context.Cancellation);
                return true;
            });
            if (i > 0)
                templates.Add(string.Create(CultureInfo.InvariantCulture, $" --template \"{string.Join(",", point.Nuisances.Select(value => value.ToString("+0.###;-0.###;0", CultureInfo.InvariantCulture)))}={file}\""));
        }

        context.Reporter.Line($"Wrote {points.Count} files of {rows} events to {folder}. The response to them:");
        context.Reporter.Line(
            $"flowcore fit-response --base \"{sector.FrozenBasePath(config, Name)}\" --nominal \"{Path.Combine(folder, "nominal.parquet")}\"{string.Concat(templates)}"
            + $" --columns {string.Join(",", TemplateTables.Features(sector))} --context {string.Join(",", TemplateTables.Context(sector))} --nuisances shift,squeeze"
            + $" -o \"{Path.Combine(folder, "response.safetensors")}\"");
    }
}
