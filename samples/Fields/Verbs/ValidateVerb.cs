using System.CommandLine;
using CommandLine;
using FlowCore.Distributions;
using FlowCore.Files;

namespace LognormalFields.Verbs;

/// <summary>validate: a flow's density and samples beside the exact ones.</summary>
internal sealed class ValidateVerb : IVerb
{
    private const int Usual = 10_000;

    public Command CreateCommand(CommandContext context)
    {
        var (config, count, seed, threads, device) = (FieldOptions.Config(), FieldOptions.Count(Usual), CommonOptions.Seed(), CommonOptions.Threads(), CommandDevice.Option());
        var command = new Command("validate", "Judge a trained flow: divergence from the truth, power spectrum and its covariance, pixels, bispectrum.") { config, count, seed, threads, device };
        command.SetAction(parsed =>
        {
            var settings = FieldConfig.Read(parsed.GetRequiredValue(config));
            using var opened = FieldOptions.Open(context, parsed, device, threads);
            using var flow = Flow<float>.Load(settings.ModelPath, opened.Device);
            var toy = new LognormalToy(settings.Toy.Side, settings.Toy.Sigma);
            using var exact = toy.Exact<float>(opened.Device);
            var judgement = FieldJudgement.Of(toy, exact, flow, FieldOptions.CountOf(parsed, count, Usual), parsed.GetValue(seed) ?? CommonOptions.DefaultSeed);
            FieldTables.Divergences(context.Reporter, toy, exact, parsed.GetValue(seed) ?? CommonOptions.DefaultSeed, [(Path.GetFileNameWithoutExtension(settings.ModelPath), judgement)]);
            FieldTables.Statistics(context.Reporter, judgement);
            return ExitCode.Success;
        });
        return command;
    }
}
