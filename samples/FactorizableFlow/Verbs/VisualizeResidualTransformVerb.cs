using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Figures;
using FactorizableFlow.Generator;
using FactorizableFlow.Validation;
using FlowCore.Compute;

namespace FactorizableFlow.Verbs;

/// <summary>visualize-residual-transform: draws what residuals do to events.</summary>
internal sealed class VisualizeResidualTransformVerb : IVerb
{
    private const string Name = "visualize-residual-transform";

    public Command CreateCommand(CommandContext context)
    {
        var config = StudyOptions.Config();
        var systematics = new Option<string>("--sys-cfg") { Description = "The config of the residuals.", HelpName = "FILE", Required = true };
        var folder = ValidationOptions.OutputFolder("residual_figures");
        var direction = Choice("--direction", "Which map to draw: forward (observed to nominal features) or inverse.", "forward", "inverse");
        var value = Number("--m-value", "|nu| of the displacement fields. [default: 1.0]", 1);
        var points = CountOption.Create("--n", "Points at which a density is evaluated for its contours. [default: 80000]", minimum: 400);
        var which = Choice("--which", "Whose residual to draw.", "both", "kin", "score");
        var scoreX = Points("--score-x", "Points x, separated by semicolons, at which the score's figures are drawn. [default: 0,0;1.5,0]", [new(0, 0), new(1.5, 0)]);
        var dims = Features("--response-dims", "Features whose response and terms in two nuisances are drawn, counted from 0. [default: 0,1]");
        var noCross = new Option<bool>("--no-crossterm") { Description = "Leave out the figures of two nuisances together." };
        var crossY = Points("--crossterm-y", "The point y of those figures of the score. [default: 0,0]", [new(0, 0)]);
        var crossX = Points("--crossterm-x", "The point x of those figures of kin. [default: 1.0,0.5]", [new(1, 0.5)]);
        var threads = StudyOptions.Threads();
        var where = StudyOptions.Device();
        var command = new Command(Name, "Draw what the residuals do: response to each nuisance, displacements, terms in two nuisances, as SVG.")
        {
            config, systematics, folder, direction, value, points, which, scoreX, dims, noCross, crossY, crossX, threads, where,
        };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetRequiredValue(which);
            var baseConfig = StudyConfigReader.Read(parsed.GetRequiredValue(config));
            var residualConfig = Only(StudyConfigReader.Read(parsed.GetRequiredValue(systematics)), chosen);
            var output = parsed.GetRequiredValue(folder);
            var options = new ResidualFigureOptions
            {
                IsForward = parsed.GetRequiredValue(direction) == "forward",
                Value = parsed.GetValue(value),
                Cells = (int)Math.Clamp(Math.Sqrt(parsed.GetValue(points) ?? 80_000), 20, 1000),
                ScoreX = parsed.GetRequiredValue(scoreX),
                ResponseFeatures = parsed.GetRequiredValue(dims),
                HasCrossTerms = !parsed.GetValue(noCross),
                CrossTermY = Single(parsed.GetRequiredValue(crossY), "--crossterm-y"),
                CrossTermX = Single(parsed.GetRequiredValue(crossX), "--crossterm-x"),
            };
            using var opened = CommandDevice.Open(context, parsed.GetValue(where), baseConfig.Device, parsed.GetValue(threads) ?? baseConfig.Threads);
            var device = opened.Device;
            using var models = StudyModels.Load(Only(baseConfig, chosen), residualConfig, Name, device, context.Reporter);
            ResultFiles.PrepareFolder(output);
            StudyModel[] residuals = [.. models.Models.Where(model => !model.IsBase)];
            var count = 0;
            foreach (var residual in residuals)
            {
                var figures = ResidualFigures.Create(residual, options);
                FigureFolder.Save(output, figures);
                count += figures.Count;
            }

            context.Reporter.Line($"Wrote {count} figures to {output}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static StudyConfig Only(StudyConfig config, string which) => which switch
    {
        "kin" => config with { Paths = config.Paths with { ScoreModel = null, ScoreResidualModel = null } },
        "score" => config with { Paths = config.Paths with { KinModel = null, KinResidualModel = null } },
        _ => config,
    };

    private static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description} [default: {words[0]}]",
            HelpName = string.Join('|', words),
            CustomParser = result => Word(result, name, words),
        };
        option.DefaultValueFactory = _ => words[0];
        return option;
    }

    private static string Word(ArgumentResult result, string name, string[] words)
    {
        var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!words.Contains(word, StringComparer.Ordinal))
            result.AddError($"{name} must be {string.Join(" or ", words)}, but it is '{word}'.");

        return word;
    }

    private static Option<double> Number(string name, string description, double standard) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!(TryNumber(word, out var number) && number is >= 0.001 and <= 100))
                result.AddError($"{name} must be a number from 0.001 to 100, but it is '{word}'.");

            return number;
        },
    };

    private static Option<Point2[]> Points(string name, string description, Point2[] standard) => new(name)
    {
        Description = description,
        HelpName = "POINTS",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            List<Point2> points = [];
            foreach (var part in word.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var numbers = part.Split(',', StringSplitOptions.TrimEntries);
                if (numbers.Length != 2 || !TryNumber(numbers[0], out var first) || !TryNumber(numbers[1], out var second))
                {
                    result.AddError($"{name} must be points such as \"0,0\" or \"0,0;1.5,0\", but it is '{word}'.");
                    return standard;
                }

                points.Add(new Point2(first, second));
            }

            if (points.Count == 0)
                result.AddError($"{name} names no point.");

            return [.. points];
        },
    };

    private static Option<int[]> Features(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "LIST",
        DefaultValueFactory = _ => [0, 1],
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            var parts = word.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 0 || parts.Any(part => part is not ("0" or "1")))
            {
                result.AddError($"{name} must list features, 0 or 1, such as \"0,1\", but it is '{word}'.");
                return [0, 1];
            }

            return [.. parts.Select(part => part[0] - '0').Distinct()];
        },
    };

    private static Point2 Single(Point2[] points, string flag) =>
        points.Length == 1 ? points[0] : throw new UsageException($"{flag} takes one point, but there are {points.Length}.");

    private static bool TryNumber(string word, out double number) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && Math.Abs(number) <= 1000;
}
