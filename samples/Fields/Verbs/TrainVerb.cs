using System.CommandLine;
using CommandLine;

namespace LognormalFields.Verbs;

/// <summary>train: trains the flow of a config.</summary>
internal sealed class TrainVerb : IVerb
{
    public Command CreateCommand(CommandContext context)
    {
        var (config, threads, force, device) = (FieldOptions.Config(), CommonOptions.Threads(), CommonOptions.Force(), CommandDevice.Option());
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted run; a model that is complete is left as it is." };
        var command = new Command("train", "Train the flow of a config on fresh fields.") { config, threads, device, resume, force };
        command.SetAction(parsed =>
        {
            var settings = FieldConfig.Read(parsed.GetRequiredValue(config));
            using var opened = FieldOptions.Open(context, parsed, device, threads);
            FieldTraining.Run(context, settings, opened.Device, parsed.GetValue(resume), parsed.GetValue(force));
            return ExitCode.Success;
        });
        return command;
    }
}
