using System.Globalization;
using CommandLine;
using CommandLine.Exchange;
using FactorizableFlow.Configuration;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Interop;

namespace FactorizableFlow.Training;

/// <summary>train-systematics: the response of the densities to the nuisances, on frozen base flows.</summary>
internal static class ResidualTraining
{
    public const string Verb = "train-systematics";

    // What ReadBase says of every base that does not state it.
    private static readonly string[] _said = [nameof(StateDictionaryOptions.Bound), nameof(StateDictionaryOptions.Slope)];

    /// <summary>Trains the wanted sectors' residuals and writes them.</summary>
    public static void Run(CommandContext context, StudyConfig config, TrainingRequest request)
    {
        var training = new ModelTraining(context, request, config);
        List<(Sector Sector, ResidualSettings Residual, TrainingSettings Schedule, string Path, string BasePath)> plans = [];
        foreach (var sector in request.Sectors)
        {
            var settings = sector.Residual(config, Verb);
            var schedule = sector.Training(config, Verb);
            var templates = sector.Templates(config);
            if (templates.Count == 0)
                throw new ConfigurationException($"{config.File}: the key '{sector.Name}_systematics' is missing or empty, and {Verb} needs templates.");

            foreach (var template in templates)
            {
                if (template.Nuisances.Count != settings.Nuisances)
                {
                    throw config.Error(
                        $"{sector.Name}_systematics",
                        $"the template '{template.Name}' has {template.Nuisances.Count} numbers in m, but residual_{sector.Name}_model has {settings.Nuisances} nuisances.");
                }
            }

            var path = request.PathOf(ModelPath.ForWriting(sector.ResidualModelPath(config, Verb)));
            if (training.ShouldTrain(path, $"paths.{sector.Name}_residual_model"))
                plans.Add((sector, settings, schedule, path, BasePath(sector, config, request)));
        }

        foreach ((var sector, var settings, var schedule, var path, var basePath) in plans)
        {
            var templates = sector.Templates(config);
            using var device = training.OpenDevice();
            var options = sector.StateOptions(config);
            using var baseFlow = OpenBase(context.Reporter, config, sector, basePath, options, device.Device);
            if (baseFlow.Features != settings.Features || baseFlow.ContextFeatures != settings.Context)
            {
                throw config.Error(
                    $"residual_{sector.Name}_model",
                    $"residual_{sector.Name}_model has {settings.Features} features and {settings.Context} context features, "
                    + $"but the base flow {basePath} has {baseFlow.Features} and {baseFlow.ContextFeatures}.");
            }

            var residual = config.Build($"residual_{sector.Name}_model", () => new PolynomialResidual<float>(new PolynomialResidualSettings
            {
                Features = settings.Features,
                ContextFeatures = settings.Context,
                Nuisances = settings.Nuisances,
                Layers = settings.Layers,
                HiddenSizes = settings.HiddenFeatures,
                Activation = settings.Activation,
                CrossTerms = settings.CrossTermPairs,
                QuadraticDamping = settings.QuadraticDamping,
                CrossTermDamping = settings.CrossTermDamping,
                Seed = training.Seed,
            }));
            using var model = new FactorizableFlow<float>(baseFlow, residual);
            var nominal = new ToyTrainingData<float>(sector, templates);
            var data = new ToyTrainingData<float>(sector, ContextWidening.Apply(templates, schedule.ContextWidening), schedule.CommonRandomNumbers);
            training.Run(sector, $"{sector.Name} residual", Verb, model, data, nominal, schedule, path, basePath);
        }
    }

    // A base that was trained into the named folder comes before the config's.
    private static string BasePath(Sector sector, StudyConfig config, TrainingRequest request)
    {
        var named = sector.FrozenBasePath(config, Verb);
        var trained = ModelPath.ForReading(request.PathOf(named));
        return File.Exists(trained) ? trained : ModelPath.ForReading(named, $"{sector.Name} base", BaseFlowTraining.Verb);
    }

    /// <summary>Opens a base flow, and says what is taken where its file does not say it.</summary>
    /// <param name="reporter">Where to say it.</param>
    /// <param name="config">The config that the options are of.</param>
    /// <param name="sector">Which density it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What the config says.</param>
    /// <param name="device">Where to compute.</param>
    internal static Flow<float> OpenBase(ConsoleReporter reporter, StudyConfig config, Sector sector, string path, StateDictionaryOptions options, FlowCore.Compute.Device device)
    {
        var assumptions = new List<StateAssumption>();
        var flow = ModelReader.OpenFlow<float>(ReadBase(reporter, config, sector, path, options), options with { Assumed = assumptions.Add }, device);
        ExchangeOptions.Report(reporter, path, [.. assumptions.Where(assumption => !_said.Contains(assumption.Option))]);
        return flow;
    }

    private static ModelTensors ReadBase(ConsoleReporter reporter, StudyConfig config, Sector sector, string path, StateDictionaryOptions options)
    {
        var tensors = ModelTensors.Read(path);
        if (!tensors.IsOwnFormat && !tensors.StatesItself)
        {
            // The residual will belong to the base with these two numbers, which nobody sees in the file.
            var source = sector.OptionalFlow(config) is null ? $"the defaults, as {config.File} has no {sector.Name}_flow" : $"{sector.Name}_flow of {config.File}";
            reporter.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{path} does not say the bound and the slope of its transforms; {options.Bound ?? StateDictionaryOptions.Usual.Bound} and {options.Slope ?? StateDictionaryOptions.Usual.Slope} are taken, from {source}."));
        }

        return tensors;
    }
}
