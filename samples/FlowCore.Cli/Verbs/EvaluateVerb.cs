using System.CommandLine;
using System.Globalization;
using CommandLine;
using FlowCore.Cli.Judging;

namespace FlowCore.Cli.Verbs;

/// <summary>evaluate: the mean log-density of rows under a model, the one number by which models are compared.</summary>
internal sealed class EvaluateVerb : IVerb
{
    public Command CreateCommand(CommandContext context)
    {
        var judging = new JudgingOptions();
        var command = new Command("evaluate", "The mean of -ln p over rows that the model was not fitted to, with its error: of two models the one with the smaller number is the better.");
        judging.AddTo(command);
        command.SetAction(parsed =>
        {
            using var device = judging.OpenDevice(context, parsed);
            using var judged = judging.Open(context, parsed, device.Device);
            Report(context.Reporter, judged);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Report(ConsoleReporter reporter, JudgedModel judged)
    {
        var rows = judged.Rows;
        var densities = new float[rows.Count];
        judged.Model.LogDensity(rows.X, judged.Conditions, densities);
        double sum = 0, squares = 0, total = 0, squaredWeights = 0;
        var lowest = -1;
        var (outside, counted, weightless) = (0, 0, 0);
        for (var i = 0; i < densities.Length; i++)
        {
            var weight = rows.Weights.Length == 0 ? 1 : rows.Weights[i];
            weightless += weight == 0 ? 1 : 0;
            if (!float.IsFinite(densities[i]))
            {
                outside++;
                continue;
            }

            // West (1979), with the weights as frequencies for the mean and their squares for its error.
            counted += weight > 0 ? 1 : 0;
            total += weight;
            squaredWeights += (double)weight * weight;
            var shift = densities[i] - sum;
            if (total > 0)
                sum += shift * weight / total;
            squares += weight * shift * (densities[i] - sum);
            lowest = lowest < 0 || densities[i] < densities[lowest] ? i : lowest;
        }

        if (weightless == densities.Length)
            throw new IOException($"{rows.Table}: Expected a weight above 0, got zeros alone.");
        if (!(total > 0))
            throw new IOException($"{rows.Table}: no row of a weight above 0 has a density under {judged.Path}; all lie outside of its support.");
        var error = Math.Sqrt(squares / total * squaredWeights) / total;
        var culture = CultureInfo.InvariantCulture;
        List<IReadOnlyList<string>> lines =
        [
            ["rows", (densities.Length - outside).ToString(culture)],
            ["mean -ln p", (-sum).ToString("f4", culture)],
            ["its error", counted > 1 ? error.ToString("f4", culture) : "not known by one row"],
            ["smallest ln p", $"{densities[lowest].ToString("f4", culture)} (row {lowest.ToString(culture)})"],
        ];
        if (outside > 0)
            lines.Add(["rows outside of the support", outside.ToString(culture)]);
        reporter.Table([$"{Path.GetFileName(rows.Table)} under {Path.GetFileName(judged.Path)}", ""], lines);
        if (outside > 0)
            reporter.Warning($"{outside} of {densities.Length} rows have no density because they lie outside of the model's support; they are left out of the mean.");
    }
}
