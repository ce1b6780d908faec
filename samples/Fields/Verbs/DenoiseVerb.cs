using System.CommandLine;
using CommandLine;
using FlowCore.Distributions;
using FlowCore.Files;

namespace LognormalFields.Verbs;

/// <summary>denoise: observed fields with a flow and with the exact density as the prior, beside the Wiener filter.</summary>
internal sealed class DenoiseVerb : IVerb
{
    private const int Usual = 32;

    public Command CreateCommand(CommandContext context)
    {
        var (config, count, seed, threads, device) = (FieldOptions.Config(), FieldOptions.Count(Usual), CommonOptions.Seed(), CommonOptions.Threads(), CommandDevice.Option());
        var noise = FieldOptions.Number("--noise", "The deviation of the noise, in deviations of the field. [default: 1]", 1e-3, 1e3);
        var hidden = FieldOptions.Number("--hidden", "The share of pixels that is not observed. [default: 0]", 0, 1);
        var mean = new Option<bool>("--mean") { Description = "Sample the posterior as well, for its mean: some minutes." };
        var command = new Command("denoise", "Take the noise off observed fields and compare with the truth.") { config, count, noise, hidden, mean, seed, threads, device };
        command.SetAction(parsed =>
        {
            var settings = FieldConfig.Read(parsed.GetRequiredValue(config));
            using var opened = FieldOptions.Open(context, parsed, device, threads);
            using var flow = Flow<float>.Load(settings.ModelPath, opened.Device);
            var toy = new LognormalToy(settings.Toy.Side, settings.Toy.Sigma);
            var problem = new DenoisingProblem(
                toy, parsed.GetValue(noise) ?? 1, parsed.GetValue(hidden) ?? 0, FieldOptions.CountOf(parsed, count, Usual), parsed.GetValue(seed) ?? CommonOptions.DefaultSeed);
            FieldTables.Denoising(context.Reporter, problem, [(Path.GetFileNameWithoutExtension(settings.ModelPath), DenoisingAnswers.Of(problem, flow, parsed.GetValue(mean)))]);
            return ExitCode.Success;
        });
        return command;
    }
}
