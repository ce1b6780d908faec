using System.CommandLine;
using CommandLine;

namespace Calibration;

/// <summary>The program: one study of the diagnostics a call, or the page of a report.</summary>
internal static class CalibrationApplication
{
    private static readonly StudySettings _usual = new();
    private static readonly Option<int> _repetitions = NumberOption.Whole("--repetitions", "Sets of events.", _usual.Repetitions);
    private static readonly Option<int> _events = NumberOption.Whole("--events", "Events of a set.", _usual.Events, minimum: 2);
    private static readonly Option<int> _draws = NumberOption.Whole("--draws", "Draws for each event.", _usual.Draws);
    private static readonly Option<ulong?> _seed = CommonOptions.Seed();
    private static readonly Option<bool> _classifier = new("--classifier") { Description = "Train classifiers as well, two a set." };
    private static readonly Argument<string?> _model = new("MODEL")
    {
        Description = "A model whose base coverage is timed, too. [default: none]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string> _page = new("PAGE") { Description = "The page to write, such as report.html; one that is there is replaced." };
    private static readonly Symbol[] _amounts = [_repetitions, _events, _draws, _seed, _classifier];

    private static readonly CommandApplication _application = new(
        "What the diagnostics say of right and of broken models, as tables; a report as a page.",
        new Verb(
            "null", "The p-values of each diagnostic for the truth as model, which have to be uniform.", _amounts,
            (context, parsed) => CalibrationStudy.Null(Settings(parsed), new ReporterWriter(context.Reporter))),
        new Verb(
            "power", "How often each diagnostic finds a broken model.", _amounts,
            (context, parsed) => CalibrationStudy.Power(Settings(parsed), new ReporterWriter(context.Reporter))),
        new Verb("coverage", "The coverage of broken models on 100,000 events.", [], (context, _) => CalibrationStudy.Coverage(new ReporterWriter(context.Reporter))),
        new Verb("speed", "How long the diagnostics take.", [_model], (context, parsed) => SpeedStudy.Run(new ReporterWriter(context.Reporter), parsed.GetValue(_model))),
        new Verb("report", "The report on a model that is too sure, as a page.", [_page], (_, parsed) => Report(parsed.GetRequiredValue(_page))));

    /// <summary>Runs the command line of this process.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(args);

    private static void Report(string page)
    {
        OutputFile.Check(page, "PAGE", mayReplace: true);
        FirstReport.Run(page);
    }

    private static StudySettings Settings(ParseResult parsed) => new()
    {
        Repetitions = parsed.GetValue(_repetitions),
        Events = parsed.GetValue(_events),
        Draws = parsed.GetValue(_draws),
        Seed = parsed.GetValue(_seed) ?? CommonOptions.DefaultSeed,
        Classifier = parsed.GetValue(_classifier),
    };
}
