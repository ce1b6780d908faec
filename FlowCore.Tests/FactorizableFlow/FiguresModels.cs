using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;

namespace FlowCore.Tests.FactorizableFlow;

/// <summary>Small models that nobody trained: figures must be sound whatever a model says.</summary>
internal sealed class FiguresModels : IDisposable
{
    public static readonly SystematicTemplate[] Templates =
    [
        new("generator_shift_up", GeneratorSettings.Study.At(1, 0), [1, 0]),
        new("generator_squeeze_down", GeneratorSettings.Study.At(0, -1), [0, -1]),
    ];

    private readonly CpuDevice _device = new(1);
    private readonly List<IDisposable> _owned = [];

    public StudyModel Base(Sector sector, GeneratorSettings? settings = null) => new(
        sector.Name, sector, Own(CreateFlow(sector)), "none", GeneratorPoints.FromTemplates(Config, settings ?? GeneratorSettings.Study, []), [[0, 0]]);

    public StudyModel Residual(Sector sector, bool hasCrossTerm = true)
    {
        var residual = new PolynomialResidual<float>(new PolynomialResidualSettings
        {
            Features = 2,
            ContextFeatures = sector.ContextFeatures,
            Nuisances = 2,
            Layers = 2,
            HiddenSizes = [4],
            CrossTerms = hasCrossTerm ? [(0, 1)] : [],
            Seed = 3,
        });
        var model = new FactorizableFlow<float>(Own(CreateFlow(sector)), residual);
        // A fresh residual is the identity; small numbers make it respond.
        Disturb(model);
        return new StudyModel($"{sector.Name}_residual", sector, Own(model), "none", GeneratorPoints.FromTemplates(Config, GeneratorSettings.Study, Templates), [[0, 0]]);
    }

    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();

        _device.Dispose();
    }

    private static StudyConfig Config => new() { File = "test" };

    private static void Disturb(FactorizableFlow<float> model)
    {
        foreach (var parameter in model.Parameters.Parameters)
        {
            // Biases alone: weights behind a mask must stay zero.
            for (var i = 0; parameter.IsVector && i < parameter.Length; i++)
                parameter.Values[i] += 0.1f * MathF.Sin(i + 1);
        }
    }

    private Flow<float> CreateFlow(Sector sector) => NeuralSplineFlow.Create<float>(
        new NeuralSplineFlowSettings { Features = 2, ContextFeatures = sector.ContextFeatures, Bins = 4, Transforms = 1, HiddenSizes = [4], Seed = 2 }, _device);

    private T Own<T>(T model)
        where T : IDisposable
    {
        _owned.Add(model);
        return model;
    }
}
