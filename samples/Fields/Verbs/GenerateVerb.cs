using System.CommandLine;
using CommandLine;
using FlowCore.IO;
using FlowCore.Random;

namespace LognormalFields.Verbs;

/// <summary>generate: draws fields into a file.</summary>
internal sealed class GenerateVerb : IVerb
{
    private const int Usual = 1000;

    public Command CreateCommand(CommandContext context)
    {
        var (config, count, seed, threads, force) = (FieldOptions.Config(), FieldOptions.Count(Usual), CommonOptions.Seed(), CommonOptions.Threads(), CommonOptions.Force());
        var device = CommandDevice.Option();
        var output = new Option<string>("--output", "-o") { Description = "The .npy file to write, [n, side, side].", HelpName = "FILE", DefaultValueFactory = _ => "fields.npy" };
        var command = new Command("generate", "Draw lognormal fields into a .npy file.") { config, count, output, seed, threads, device, force };
        command.SetAction(parsed =>
        {
            var (settings, path) = (FieldConfig.Read(parsed.GetRequiredValue(config)), parsed.GetRequiredValue(output));
            OutputFile.Check(path, "--output", parsed.GetValue(force), settings.File);
            using var opened = FieldOptions.Open(context, parsed, device, threads);
            var toy = new LognormalToy(settings.Toy.Side, settings.Toy.Sigma);
            using var exact = toy.Exact<float>(opened.Device);
            var n = FieldOptions.CountOf(parsed, count, Usual);
            var fields = new float[checked(n * toy.Pixels)];
            exact.Sample(new RandomStream(parsed.GetValue(seed) ?? CommonOptions.DefaultSeed), 0, fields, default);
            NpyFile.Write<float>(path, [n, toy.Side, toy.Side], fields);
            context.Reporter.Line($"Wrote {path}: {n} fields of {toy.Side} x {toy.Side} pixels.");
            return ExitCode.Success;
        });
        return command;
    }
}
