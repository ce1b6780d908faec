using System.Globalization;
using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <content>Data in islands: a flow whose base is a mixture of normal distributions.</content>
public static partial class Density
{
    private const ulong IslandSubstream = 1UL << 36;

    // Where flow and training are ours to choose, without context: the mixture does not know one. One feature has its probabilities from standard normal noise.
    private static bool MayHaveIslands(DensityFitOptions options, int features, int contextFeatures) =>
        options is { Flow: null, ReadyMade: null, Training: null } && features > 1 && contextFeatures == 0;

    // The flow of the same size on the mixture that the rows look like, whose transforms begin as the identity, so that it is that mixture.
    private static Flow<T>? Islands<T>(ArrayData<T> training, ArrayData<T> validation, long rows, DensityFitOptions options, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!MayHaveIslands(options, training.Features, training.ContextFeatures))
            return null;
        if (MixtureSearch.Run(training, validation, new RandomStream(options.Seed).Substream(IslandSubstream), cancellationToken) is not { } components)
            return null;
        var settings = Flow.SettingsFor(training.Features, rows, 0) with { Seed = options.Seed };
        var layers = NeuralSplineFlow.Layers<T>(settings);
        foreach (var layer in layers)
            ((MaskedAutoregressive<T>)layer).StartAtIdentity();
        return StackedFlow.Create(settings, options.Device, layers, noise: NormalMixture<T>.Of(components, learnable: false, "base"));
    }

    // The same of a sample of rows that are streamed, with the chart in front.
    private static Flow<T>? Islands<T>(
        SupportChart<T> chart, T[] sample, T[] weights, int contextFeatures, long rows, DensityFitOptions options, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Before the sample is brought behind the chart.
        if (!MayHaveIslands(options, chart.Features, contextFeatures))
            return null;
        var z = new T[sample.Length];
        using (var front = new Flow<T>(new StandardNormal<T>(chart.Features), chart) { AllowNonFinite = true })
            front.ToNoise(sample, z, []);
        var (training, validation) = new ArrayData<T>(z, chart.Features, weights: weights).Split(options.ValidationFraction, options.Seed);
        using var core = Islands(training, validation, rows, options, cancellationToken);
        return core is null ? null : Flow.Assemble(chart, null, core);
    }

    // What stands behind the chart; says what its base is where it is not the usual one.
    private static Transform<T> Behind<T>(FitCycles<T> cycles, FitReport report)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var chosen = (Flow<T>)cycles.Chosen;
        if (chosen.Base is NormalMixture<T> mixture)
        {
            var more = cycles.IsAsItCame ? "alone: no transform made the rows that were held out likelier" : "which the transforms bend";
            report.Apply(string.Create(CultureInfo.InvariantCulture, $"Base: {(mixture.Components == 1 ? "a normal distribution with correlations" : $"a mixture of {mixture.Components} normal distributions")}, {more}."));
        }

        return cycles.IsAsItCame ? new Composition<T>(chosen.Features) : chosen.Transform;
    }
}
