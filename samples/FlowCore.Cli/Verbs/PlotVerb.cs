using System.CommandLine;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Judging;
using FlowCore.IO;

namespace FlowCore.Cli.Verbs;

/// <summary>plot: a model's density in every variable and every pair of variables, from draws.</summary>
internal sealed class PlotVerb : IVerb
{
    private const int UsualRows = 20_000;
    private const int MostRows = 10_000_000;

    public Command CreateCommand(CommandContext context)
    {
        var model = ModelOptions.Model();
        var output = new Option<string>("--output", "-o") { Description = "The figure, an .svg file.", HelpName = "FILE", DefaultValueFactory = _ => "model.svg" };
        var count = CountOption.Create("--n", $"How many rows to draw. [default: {UsualRows}]", minimum: 2);
        var conditions = ModelOptions.Context();
        var nuisances = ModelOptions.Nuisances();
        var baseFlow = ModelOptions.Base();
        var seed = CommonOptions.Seed();
        var threads = CommonOptions.Threads();
        var where = CommandDevice.Option();
        var force = CommonOptions.Force();
        var exchange = new ExchangeOptions();
        var command = new Command("plot", "Draw a model's density in every variable and every pair of variables, as SVG.")
        {
            model, output, count, conditions, nuisances, baseFlow, seed, force, threads, where,
        };
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var (path, figure) = (parsed.GetRequiredValue(model), parsed.GetRequiredValue(output));
            ModelOptions.RequireExtension(figure, "--output", ModelOptions.Figure);
            OutputFile.Check(figure, "--output", parsed.GetValue(force), path, parsed.GetValue(baseFlow), parsed.GetValue(conditions), parsed.GetValue(nuisances));
            var rows = parsed.GetValue(count) ?? UsualRows;
            if (rows > MostRows)
                throw new UsageException($"--n must be at most {MostRows} for a figure, but it is {rows}.");
            using var device = CommandDevice.Open(context, parsed.GetValue(where), configured: null, parsed.GetValue(threads) ?? 0);
            var options = exchange.Read(parsed);
            var tensors = ModelTensors.Read(path, options.Key);
            using var opened = ModelReader.Open<float>(context.Reporter, tensors, options, parsed.GetValue(baseFlow), device.Device);
            var card = ModelCard.Of(tensors, opened.Features, opened.ContextFeatures);
            var drawn = ModelSample.Draw(
                opened, path, card, (int)rows, parsed.GetValue(conditions), parsed.GetValue(nuisances), parsed.GetValue(seed) ?? CommonOptions.DefaultSeed);
            AtomicFile.WriteText(figure, SampleTable.Figure($"{Path.GetFileName(path)}: regions with 39 and 86 % of the probability", drawn).ToSvg());
            context.Reporter.Line($"Wrote {figure}.");
            return ExitCode.Success;
        });
        return command;
    }
}
