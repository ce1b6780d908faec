using CommandLine;
using CommandLine.Exchange;
using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Interop;

namespace FactorizableFlow.Validation;

/// <summary>The trained models that a pair of configs names, ready to evaluate. Base flows come first.</summary>
internal sealed class StudyModels : IDisposable
{
    private readonly List<StudyModel> _models = [];
    private readonly List<IDisposable> _owned = [];
    private readonly ConsoleReporter _reporter;

    private StudyModels(ConsoleReporter reporter) => _reporter = reporter;

    /// <summary>The models.</summary>
    public IReadOnlyList<StudyModel> Models => _models;

    /// <summary>Reads the models.</summary>
    /// <param name="config">The config of the base flows.</param>
    /// <param name="systematics">The config of the residuals; null for base flows alone.</param>
    /// <param name="verb">Who needs them, for messages.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="reporter">Where to say what was assumed of a file that does not say it.</param>
    /// <exception cref="ConfigurationException">A config lacks what is needed, or contradicts a model.</exception>
    /// <exception cref="IOException">A model is missing or damaged.</exception>
    public static StudyModels Load(StudyConfig config, StudyConfig? systematics, string verb, Device device, ConsoleReporter reporter)
    {
        var models = new StudyModels(reporter);
        try
        {
            models.LoadAll(config, systematics, verb, device);
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Residuals go before the bases they stand on.
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();

        _owned.Clear();
    }

    private static void CheckShape(StudyConfig config, string name, string path, Sector sector, DensityModel<float> model, int? nuisances)
    {
        if (model.Features != sector.Features || model.ContextFeatures != sector.ContextFeatures || (nuisances is { } expected && model.Nuisances != expected))
        {
            throw new ConfigurationException(
                $"{config.File}: the {name} model must take {sector.Features} features, {sector.ContextFeatures} context features and {nuisances ?? 0} nuisances, "
                + $"but {path} takes {model.Features}, {model.ContextFeatures} and {model.Nuisances}.");
        }
    }

    private void LoadAll(StudyConfig config, StudyConfig? systematics, string verb, Device device)
    {
        var nominal = config.Require(config.Generator, "generator", verb);
        Sector[] sectors = [.. Sector.All.Where(sector => sector.OptionalBaseModelPath(config) is not null)];
        if (sectors.Length == 0)
            throw new ConfigurationException($"{config.File}: 'paths' names neither 'kin_model' nor 'score_model', and {verb} needs one of them.");

        var flows = new Dictionary<Sector, (string Path, Flow<float> Flow)>();
        foreach (var sector in sectors)
        {
            var path = ModelPath.ForReading(sector.BaseModelPath(config, verb), sector.Name, $"{BaseFlowTraining.Verb} -c {config.File}");
            var flow = Own(ResidualTraining.OpenBase(_reporter, config, sector, path, sector.StateOptions(config), device));
            CheckShape(config, sector.Name, path, sector, flow, nuisances: null);
            flows.Add(sector, (path, flow));
            double[] point = [nominal.VariationShift, nominal.VariationSqueeze];
            _models.Add(new StudyModel(sector.Name, sector, flow, path, GeneratorPoints.FromTemplates(config, nominal, []), [point]));
        }

        foreach (var sector in sectors)
        {
            if (systematics is not null && sector.OptionalResidualModelPath(systematics) is not null)
                LoadResidual(config, systematics, verb, device, sector, flows[sector], nominal);
        }

        if (systematics is not null && _models.TrueForAll(model => model.IsBase))
        {
            throw new ConfigurationException(
                $"{systematics.File}: 'paths' names no residual of a model in {config.File}: neither 'kin_residual_model' nor 'score_residual_model'.");
        }
    }

    private void LoadResidual(
        StudyConfig config, StudyConfig systematics, string verb, Device device, Sector sector, (string Path, Flow<float> Flow) known, GeneratorSettings nominal)
    {
        var name = $"{sector.Name}_residual";
        var options = sector.StateOptions(config, systematics);
        var path = ModelPath.ForReading(sector.ResidualModelPath(systematics, verb), name, $"{ResidualTraining.Verb} -c {systematics.File}");
        var baseFlow = known.Flow;
        var frozen = sector.OptionalFrozenBasePath(systematics);
        if (frozen is not null && ModelPath.ForReading(frozen) != known.Path)
        {
            // A config with a base of its own may say of it what its file does not, as it does for the training.
            options = sector.StateOptions(sector.OptionalFlow(systematics) is null ? config : systematics, systematics);
            var basePath = ModelPath.ForReading(frozen, $"{sector.Name} base", BaseFlowTraining.Verb);
            baseFlow = Own(ResidualTraining.OpenBase(_reporter, sector.OptionalFlow(systematics) is null ? config : systematics, sector, basePath, options, device));
        }

        var assumptions = new List<StateAssumption>();
        var model = Own(ModelReader.OpenResidual(path, baseFlow, options with { Assumed = assumptions.Add }));
        ExchangeOptions.Report(_reporter, path, assumptions);
        var generator = GeneratorPoints.FromTemplates(systematics, systematics.Generator ?? nominal, sector.Templates(systematics));
        CheckShape(systematics, name, path, sector, model, generator.Nuisances);
        _models.Add(new StudyModel(name, sector, model, path, generator, generator.ValidationPoints(systematics)));
    }

    private T Own<T>(T model)
        where T : IDisposable
    {
        _owned.Add(model);
        return model;
    }
}
