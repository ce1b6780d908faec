using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FactorizableFlow.Training;

/// <summary>train-base-flows: the densities at the nominal point.</summary>
internal static class BaseFlowTraining
{
    public const string Verb = "train-base-flows";

    // Enough for the mean and width of a feature to a fraction of a percent.
    private const int StandardizationEvents = 100_000;

    /// <summary>Trains the wanted sectors' base flows and writes them.</summary>
    public static void Run(CommandContext context, StudyConfig config, TrainingRequest request)
    {
        var training = new ModelTraining(context, request, config);
        var generator = config.Require(config.Generator, "generator", Verb);
        List<(Sector Sector, FlowSettings Flow, TrainingSettings Schedule, string Path)> plans = [];
        foreach (var sector in request.Sectors)
        {
            // What is wrong with a later one is found before hours go into the first.
            var flow = sector.Flow(config, Verb);
            var schedule = sector.Training(config, Verb);
            var path = request.PathOf(ModelPath.ForWriting(sector.BaseModelPath(config, Verb)));
            if (training.ShouldTrain(path, $"paths.{sector.Name}_model"))
                plans.Add((sector, flow, schedule, path));
        }

        foreach ((var sector, var settings, var schedule, var path) in plans)
        {
            var nominal = new ToyTrainingData<float>(sector, generator);
            var data = new ToyTrainingData<float>(
                sector, ContextWidening.Apply([new SystematicTemplate("generator", generator, [])], schedule.ContextWidening));
            using var device = training.OpenDevice();
            using var flow = config.Build($"{sector.Name}_flow", () => NeuralSplineFlow.Create<float>(
                new NeuralSplineFlowSettings
                {
                    Features = settings.Features,
                    ContextFeatures = settings.Context,
                    Bins = settings.Bins,
                    Transforms = settings.Transforms,
                    HiddenSizes = settings.HiddenFeatures,
                    Bound = settings.Bound,
                    Slope = settings.Slope,
                    AffineTransforms = settings.AffineTransforms,
                    Activation = settings.Activation,
                    Seed = training.Seed,
                    Standardization = settings.Standardize ? Standardize(sector, nominal, training.Seed) : null,
                },
                device.Device));
            training.Run(sector, $"{sector.Name} base flow", Verb, flow, data, nominal, schedule, path);
        }
    }

    private static LocationScale Standardize(Sector sector, ToyTrainingData<float> data, ulong seed)
    {
        var x = new float[StandardizationEvents * sector.Features];
        var rest = new float[StandardizationEvents * sector.ContextFeatures];
        var stream = new RandomStream(seed).Substream('s');
        data.Fill(new BatchRequest(BatchPurpose.Training, 0, 0, StandardizationEvents, 0, StandardizationEvents, stream), x, rest, [], []);
        return LocationScale.FromData<float>(x, sector.Features);
    }
}
