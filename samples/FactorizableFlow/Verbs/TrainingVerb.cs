using System.CommandLine;
using System.Globalization;
using CommandLine;
using FactorizableFlow.Application;
using FactorizableFlow.Configuration;
using FactorizableFlow.Training;

namespace FactorizableFlow.Verbs;

/// <summary>The two training verbs: the same flags, another thing to train.</summary>
internal sealed class TrainingVerb : IVerb
{
    private readonly string _name;
    private readonly string _description;
    private readonly string _defaultSteps;
    private readonly Action<CommandContext, StudyConfig, TrainingRequest> _train;

    private TrainingVerb(string name, string description, string defaultSteps, Action<CommandContext, StudyConfig, TrainingRequest> train)
    {
        _name = name;
        _description = description;
        _defaultSteps = defaultSteps;
        _train = train;
    }

    /// <summary>train-base-flows.</summary>
    public static TrainingVerb BaseFlows { get; } = new(
        BaseFlowTraining.Verb, "Train the base flows: the densities at the nominal point.", "train_score,train_kin", BaseFlowTraining.Run);

    /// <summary>train-systematics.</summary>
    public static TrainingVerb Systematics { get; } = new(
        ResidualTraining.Verb, "Train the residuals on top of the frozen base flows: the response to the nuisances.", "train_kin,train_score", ResidualTraining.Run);

    public Command CreateCommand(CommandContext context)
    {
        var config = StudyOptions.Config();
        var steps = new Option<string>("--steps", "-s")
        {
            Description = "What to train, separated by commas: train_kin, train_score.",
            HelpName = "LIST",
            DefaultValueFactory = _ => _defaultSteps,
        };
        var seed = StudyOptions.Seed();
        var threads = StudyOptions.Threads();
        var where = StudyOptions.Device();
        var resume = new Option<bool>("--resume") { Description = "Go on with interrupted runs; models that are complete are left as they are." };
        var force = CommonOptions.Force();
        var epochs = Count("--nepochs", "Epochs, instead of the config's.");
        var stepsPerEpoch = Count("--steps-per-epoch", "Steps of an epoch, instead of the config's.");
        var models = new Option<string?>("--models-dir")
        {
            Description = "The folder to write models to, and to look for base flows in first. [default: where the config's paths are]",
            HelpName = "FOLDER",
        };
        var command = new Command(_name, _description) { config, steps, seed, threads, where, resume, force, epochs, stepsPerEpoch, models };
        command.SetAction(parsed =>
        {
            var request = new TrainingRequest(
                [.. StepList.Parse(parsed.GetValue(steps)!).Select(Sector.OfStep)],
                parsed.GetValue(seed),
                parsed.GetValue(threads),
                parsed.GetValue(where),
                parsed.GetValue(resume),
                parsed.GetValue(force),
                parsed.GetValue(epochs),
                parsed.GetValue(stepsPerEpoch),
                parsed.GetValue(models));
            if (request.Resume && request.Force)
                throw new UsageException("--resume and --force exclude each other: one keeps what is there, the other replaces it.");

            _train(context, StudyConfigReader.Read(parsed.GetRequiredValue(config)), request);
            return ExitCode.Success;
        });
        return command;
    }

    private static Option<int?> Count(string name, string description)
    {
        return new Option<int?>(name)
        {
            Description = description,
            HelpName = "NUMBER",
            CustomParser = result =>
            {
                var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1)
                    return value;
                result.AddError($"{name} must be a whole number from 1 to {int.MaxValue}, but it is '{word}'.");
                return null;
            },
        };
    }
}
