using System.CommandLine;
using System.Globalization;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Distributions;

namespace Responses;

/// <summary>closure: files of a known density, flowcore fit-response on them, and KL(truth ‖ model) at templates and elsewhere.</summary>
internal sealed class ClosureVerb : IVerb
{
    private const int UsualRows = 100_000;
    private const int UsualEvents = 100_000;

    // The epochs of the study's settings on files: with its 4,096 rows a batch about as many events as the fit sees.
    private const int StudyEpochs = 24;
    private const double InUnits = 1e5;

    public Command CreateCommand(CommandContext context)
    {
        var problem = new Argument<string>("problem") { Description = $"The density: {string.Join(", ", ResponseProblem.All.Select(one => one.Name))}." };
        var rows = CountOption.Create("--rows", $"Rows of each template. [default: {UsualRows}]", 200);
        var nominalRows = CountOption.Create("--nominal-rows", "Rows of the nominal file. [default: as many, of 'five' ten times as many]", 200);
        var events = CountOption.Create("--events", $"Fresh events a point. [default: {UsualEvents}]", 1000);
        var epochs = CountOption.Create("--epochs", "Epochs of a single run. [default: those of fit-response]", 1);
        var fitBase = new Option<bool>("--fit-base") { Description = "Fit the density at ν = 0 to the nominal file where one is shipped, too." };
        var asStudy = new Option<bool>("--as-study") { Description = "Train the architecture and the rates of the study's configs/systematics.yaml on the same rows, in place of the defaults." };
        var model = new Option<string?>("--model") { Description = "A response that is there: no file is written and nothing is fitted.", HelpName = "MODEL" };
        var folder = new Option<string>("--out-dir") { Description = "Where files and model go.", HelpName = "FOLDER", DefaultValueFactory = _ => "response-closure" };
        var command = new Command("closure", "Write a known density at its templates to Parquet files, fit its response to them, and print KL(truth ‖ model) in 10⁻⁵ nats.")
        {
            problem, rows, nominalRows, events, epochs, fitBase, asStudy, model, folder,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(problem);
            var truth = ResponseProblem.All.FirstOrDefault(one => one.Name == name)
                ?? throw new UsageException($"Expected one of {string.Join(", ", ResponseProblem.All.Select(one => one.Name))}, got '{name}'.");
            var count = (int)(parsed.GetValue(rows) ?? UsualRows);
            var run = new ClosureRun(
                context, truth, parsed.GetRequiredValue(folder), count, (int)(parsed.GetValue(nominalRows) ?? truth.NominalRows(count)), (int?)parsed.GetValue(epochs), parsed.GetValue(fitBase));
            var path = parsed.GetValue(model) ?? (parsed.GetValue(asStudy) ? run.FitAsStudy(StudyEpochs) : run.Fit());
            using var fitted = ModelReader.Open(path);
            Print(context, truth, fitted, (int)(parsed.GetValue(events) ?? UsualEvents));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(CommandContext context, ResponseProblem problem, DensityModel<float> model, int events)
    {
        using var study = problem is ToyProblem toy && File.Exists(toy.ShippedResponse) ? ModelReader.Open(toy.ShippedResponse) : null;
        string[] headers = ["ν", "without response", "with", .. study is null ? [] : new[] { "the study's, of events without end" }, ""];
        double[][] points = [new double[problem.Nuisances.Length], .. problem.Templates, .. problem.Unseen];
        context.Reporter.Table(headers, points.Select((nu, i) => (IReadOnlyList<string>)
        [
            Template(nu),
            Text(Closure.Of(problem, nu, model, new double[nu.Length], events)),
            Text(Closure.Of(problem, nu, model, nu, events)),
            .. study is null ? [] : new[] { Text(Closure.Of(problem, nu, study, nu, events)) },
            i == 0 ? "the base" : i <= problem.Templates.Count ? "a template" : "never seen",
        ]));
    }

    private static string Template(double[] nu) => $"({string.Join(", ", nu.Select(value => value.ToString("0.###", CultureInfo.InvariantCulture)))})";

    private static string Text((double Kl, double Error) closure) => string.Create(CultureInfo.InvariantCulture, $"{InUnits * closure.Kl:f1} ± {InUnits * closure.Error:f1}");
}
