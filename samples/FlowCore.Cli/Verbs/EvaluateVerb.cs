using System.CommandLine;
using System.Globalization;
using CommandLine;
using FlowCore.Cli.Data;
using FlowCore.Cli.Judging;

namespace FlowCore.Cli.Verbs;

/// <summary>evaluate: the mean log-density of rows under a model, the one number by which models are compared.</summary>
internal sealed class EvaluateVerb : IVerb
{
    public Command CreateCommand(CommandContext context)
    {
        var judging = new JudgingOptions();
        var command = new Command("evaluate", "The mean of -ln p over rows that the model was not fitted to, with its error: of two models the one with the smaller number is the better.");
        var memory = MemoryFlag.Create("About how much memory the rows may take, whatever their number:");
        judging.AddTo(command, memory);
        command.SetAction(parsed =>
        {
            using var device = judging.OpenDevice(context, parsed);
            using var judged = judging.OpenTable(context, parsed, device.Device, parsed.GetValue(memory));
            Report(context, judged);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Report(CommandContext context, JudgedTable judged)
    {
        var blockRows = BlockRows.For(judged.Model);
        var densities = new float[blockRows];
        double sum = 0, squares = 0, total = 0, squaredWeights = 0;
        var (lowest, smallest) = (-1L, float.NaN);
        long rows = 0, outside = 0, counted = 0, weightless = 0;
        var dropped = judged.ForEachBlock(context, blockRows, block =>
        {
            var weights = block.Weights.Span;
            var values = densities.AsSpan(0, block.X.Length / judged.Columns.Length);
            RowSet.CheckWeights(judged.Table.Name, weights, block.First);
            judged.Model.LogDensity(block.X.Span, new(block.Context.Span, judged.Nuisances), values);
            rows += values.Length;
            for (var i = 0; i < values.Length; i++)
            {
                var weight = weights.Length == 0 ? 1 : weights[i];
                weightless += weight == 0 ? 1 : 0;
                if (!float.IsFinite(values[i]))
                {
                    outside++;
                    continue;
                }

                // West (1979), with the weights as frequencies for the mean and their squares for its error.
                counted += weight > 0 ? 1 : 0;
                total += weight;
                squaredWeights += (double)weight * weight;
                var shift = values[i] - sum;
                if (total > 0)
                    sum += shift * weight / total;
                squares += weight * shift * (values[i] - sum);
                if (lowest < 0 || values[i] < smallest)
                    (lowest, smallest) = (block.First + i, values[i]);
            }
        });
        JudgingOptions.SayDropped(context.Reporter, dropped, rows);
        if (weightless == rows)
            throw new IOException($"{judged.Table.Name}: Expected a weight above 0, got zeros alone.");
        if (!(total > 0))
            throw new IOException($"{judged.Table.Name}: no row of a weight above 0 has a density under {judged.Path}; all lie outside of its support.");
        var error = Math.Sqrt(squares / total * squaredWeights) / total;
        var culture = CultureInfo.InvariantCulture;
        List<IReadOnlyList<string>> lines =
        [
            ["rows", (rows - outside).ToString(culture)],
            ["mean -ln p", (-sum).ToString("f4", culture)],
            ["its error", counted > 1 ? error.ToString("f4", culture) : "not known by one row"],
            ["smallest ln p", $"{smallest.ToString("f4", culture)} ({RowText.Of(lowest)})"],
        ];
        if (outside > 0)
            lines.Add(["rows outside of the support", outside.ToString(culture)]);
        var reporter = context.Reporter;
        reporter.Table([$"{Path.GetFileName(judged.Table.Name)} under {Path.GetFileName(judged.Path)}", ""], lines);
        if (outside > 0)
            reporter.Warning($"{outside} of {rows} rows have no density because they lie outside of the model's support; they are left out of the mean.");
    }
}
