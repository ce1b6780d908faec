using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Flows;
using FlowCore.Inference;
using FlowCore.Networks;
using FlowCore.Training;
using FlowCore.Transforms;

namespace Encoders;

/// <summary>The posterior of a source given its hits and the likelihood of the hits, trained together; with a pointing in the simulation also the posterior of the pointing.</summary>
internal sealed class SourceModel : IDisposable
{
    // The pointing in its two directions, each in units of its standard deviation.
    private const int PointingNumbers = 2;

    private readonly MixedObjective<float> _objective;

    private SourceModel(RaggedEvents<float> events, bool hasPointing)
    {
        var scale = events.ItemScale();
        var latents = PointSource.Labels + (hasPointing ? PointingNumbers : 0);
        var encoder = new DeepSetEncoder<float>(PointSource.Layout, new DeepSetSettings { ItemUnits = [64, 64], EventUnits = [64], Outputs = 32, ItemScale = scale });
        Posterior = new ConditionalFlow<float>(encoder, NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings
        {
            Features = PointSource.Labels,
            ContextFeatures = 32,
            Transforms = 1,
            AffineTransforms = 1,
            HiddenSizes = [48, 48],
            Standardization = new LocationScale([0, 0, 1], [0.577, 0.577, 0.289]),
        }));
        var hits = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings
        {
            Features = 2,
            ContextFeatures = latents,
            Transforms = 1,
            AffineTransforms = 1,
            HiddenSizes = [48, 48],
            Bins = 16,
            Standardization = scale,
        });
        Likelihood = new DecoderOfItems<float>(PointSource.Layout, hits, new Mlp<float>([latents, 16, 1], UnaryFunction.Silu, "rate"));
        if (hasPointing)
        {
            var passing = new PassingEncoder<float>(
                PointSource.Labels, new DeepSetEncoder<float>(PointSource.Layout, new DeepSetSettings { ItemUnits = [24, 24], EventUnits = [32], Outputs = 16, ItemScale = scale }));
            Pointing = new ConditionalFlow<float>(passing, new Flow<float>(
                new StandardNormal<float>(PointingNumbers), new ConditionalTriangular<float>(PointingNumbers, passing.Outputs, [32], UnaryFunction.Silu, "pointing")));
        }

        _objective = new MixedObjective<float>(Posterior, Pointing, Likelihood);
    }

    /// <summary>q(place, brightness; hits).</summary>
    public ConditionalFlow<float> Posterior { get; }

    /// <summary>q(pointing; place, brightness, hits), where the simulation has a pointing.</summary>
    public ConditionalFlow<float>? Pointing { get; }

    /// <summary>p(hits | place, brightness, pointing).</summary>
    public DecoderOfItems<float> Likelihood { get; }

    /// <summary>Trains on a simulation.</summary>
    /// <param name="simulation">The simulation.</param>
    /// <param name="events">How many events.</param>
    /// <param name="epochs">How many epochs.</param>
    /// <param name="progress">Receives reports; null for none.</param>
    /// <param name="cancellation">Ends the training.</param>
    public static SourceModel Train(
        PointSource simulation, int events, int epochs, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (labels, hits) = simulation.Draw(events, seed: 1);
        var (training, validation) = new RaggedData<float>(labels, PointSource.Labels, hits, PointSource.Layout).Split(0.1, seed: 1);
        var model = new SourceModel(hits, simulation.Pointing > 0);
        var options = new TrainingOptions { Epochs = epochs, BatchSize = 256, Optimiser = OptimiserSettings.AdamW(3e-3), GradientClip = 100, Seed = 1, Warn = null };
        using var trainer = new Trainer<float>(model._objective.Model, model._objective.Data(training), options, model._objective.Data(validation), model._objective);
        trainer.Run(progress, cancellation);
        return model;
    }

    public void Dispose()
    {
        _objective.Dispose();
        Posterior.Dispose();
        Pointing?.Dispose();
        Likelihood.Dispose();
    }
}
