using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <summary>Flows by the size of a problem.</summary>
public static class Flow
{
    private const int SmallFeatures = 3;
    private const int MediumFeatures = 8;
    private const int LargeFeatures = 32;
    private const long ManyRows = 200_000;

    /// <summary>The untrained flow that <see cref="Density.Fit{T}(in System.Numerics.Tensors.ReadOnlyTensorSpan{T}, in System.Numerics.Tensors.ReadOnlyTensorSpan{T}, in System.Numerics.Tensors.ReadOnlyTensorSpan{T}, DensityFitOptions, CancellationToken)"/> trains, with the supports' charts in front in their standard units.</summary>
    /// <remarks>
    /// <para>
    /// One masked autoregressive affine transform and then masked autoregressive rational-quadratic splines in alternating order. The
    /// affine transform takes location, scale and linear dependence out, as functions of the context and of the features before, so that what reaches
    /// the splines lies within their bound wherever the context is.
    /// </para>
    /// <para>
    /// The flow is deep and narrow: 8 transforms of 2 × 32 hidden units up to 3 features, 6 of 2 × 48 up to 8, 5 of 2 × 64 up to 32 and of 2 × 128
    /// beyond, twice the units from 200,000 rows on. Many simple maps learn shapes of several parts with fewer numbers than few rich
    /// ones, and numbers are what 20,000 rows are overfitted with: on the two moons of samples/FirstFits 8 transforms of 32 units come
    /// nearer to the truth than 3 of 64 or 128. ReLU makes edges sharp where smooth activations do not. One feature takes two splines of 16 bins.
    /// </para>
    /// </remarks>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="rows">How many rows it is to be trained on, at least 1.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="supports">Where each feature lives; null for real numbers.</param>
    /// <param name="seed">The seed of the fresh weights.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A size is out of range, or there are supports for another number of features.</exception>
    public static Flow<T> Recommended<T>(
        int features, long rows, int contextFeatures = 0, IReadOnlyList<Support>? supports = null, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = SettingsFor(features, rows, contextFeatures) with { Seed = seed };
        var core = NeuralSplineFlow.Create<T>(settings, device);
        if (supports is null)
            return core;
        if (supports.Count != features)
            throw new ArgumentException($"Expected the supports of {features} features, got {supports.Count}.", nameof(supports));
        using (core)
        {
            var chart = new SupportChart<T>([.. supports.Select(support => new FeatureChart(support, support.Kind == SupportKind.Circle ? support.Lower : 0))]);
            return Assemble(chart, null, core);
        }
    }

    /// <summary>The settings of the flow behind the chart.</summary>
    internal static NeuralSplineFlowSettings SettingsFor(int features, long rows, int contextFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
        // One feature has nothing to be autoregressive in: its splines follow each other, each of many bins.
        var transforms = features == 1 ? 2 : features <= SmallFeatures ? 8 : features <= MediumFeatures ? 6 : 5;
        var units = features <= SmallFeatures ? 32 : features <= MediumFeatures ? 48 : features <= LargeFeatures ? 64 : 128;
        return new NeuralSplineFlowSettings
        {
            Features = features,
            ContextFeatures = contextFeatures,
            Transforms = transforms,
            AffineTransforms = 1,
            HiddenSizes = [rows < ManyRows ? units : 2 * units, rows < ManyRows ? units : 2 * units],
            Bins = features == 1 ? 16 : 8,
        };
    }

    /// <summary>A flow of a chart, standardised conditions and copies of the parts of a flow behind them.</summary>
    internal static Flow<T> Assemble<T>(SupportChart<T> chart, LocationScale? conditions, Flow<T> core)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Assemble(chart, conditions, core, core.Transform);

    /// <summary>The same with another transform on the flow's base.</summary>
    internal static Flow<T> Assemble<T>(SupportChart<T> chart, LocationScale? conditions, Flow<T> core, Transform<T> transform)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var behind = transform.ConvertTo<T>();
        if (conditions is not null)
            behind = new StandardizedConditions<T>(behind, conditions);
        return new Flow<T>(core.Base.ConvertTo<T>(), new Composition<T>(core.Features, chart, behind), core.Device);
    }
}
