using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// A flow for data inside a box: the box is opened to the whole space, and pairs of a dense linear map and a masked affine transform follow, on a standard normal
/// distribution. The structure, the names and the numbers are those of mbank's STD_GW_Flow, whose layers are nflows' (Schmidt, Gadre and Caudill 2023).
/// </summary>
/// <remarks>
/// The masked networks are nflows' MADE with two residual blocks and ReLU. Rows on the box or outside have the log-density −∞; samples lie strictly inside. Without ends
/// the box takes them from the training rows when the first training begins; a density asked for earlier is an error. The first linear map then takes in the scale of what
/// leaves the box, which mbank leaves to the optimiser: in a wide box that is a long way. A weight matrix that becomes singular is an error, too.
/// </remarks>
public static class BoundedFlow
{
    private const string Prefix = "_transform._transforms";

    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(BoundedFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Features < 1)
            throw new ArgumentException($"Expected at least 1 feature, got {settings.Features}.", nameof(settings));
        if (settings.Layers < 1)
            throw new ArgumentException($"Expected at least 1 layer, got {settings.Layers}.", nameof(settings));
        var hidden = settings.HiddenSizes;
        if (hidden.Count != 1 && hidden.Count != settings.Layers)
            throw new ArgumentException($"Expected one hidden size or one for each of {settings.Layers} layers, got {hidden.Count}.", nameof(settings));

        // Substreams of the seed: layer l draws its matrix from 2l and its network from 2l + 1.
        var stream = new RandomStream(settings.Seed);
        var order = AutoregressiveOrder.Natural(settings.Features);
        var parts = new List<Transform<T>> { BoxOf<T>(settings) };
        for (var layer = 0; layer < settings.Layers; layer++)
        {
            parts.Add(new DenseLinear<T>(
                settings.Features, $"{Prefix}.{parts.Count}", stream.Substream((ulong)(2 * layer)), startsFromData: settings.StartsFromData && layer == 0));
            var network = new MadeSettings { HiddenSize = hidden[hidden.Count == 1 ? 0 : layer] };
            parts.Add(new MaskedAutoregressive<T>(
                new Affine<T>(AffineSettings.NflowsMasked),
                new Made<T>(order, outputsPerFeature: 2, network, $"{Prefix}.{parts.Count}.autoregressive_net", stream.Substream((ulong)((2 * layer) + 1)))));
        }

        return new Flow<T>(new StandardNormal<T>(settings.Features), new Composition<T>(settings.Features, parts), device);
    }

    /// <summary>Creates a fresh flow whose box is set by the first training.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="layers">n, at least 1.</param>
    /// <param name="hiddenSize">The units of the hidden layers, at least 1.</param>
    /// <param name="seed">The seed of the fresh weights.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Flow<T> Create<T>(int features, int layers = 2, int hiddenSize = 20, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(new BoundedFlowSettings { Features = features, Layers = layers, HiddenSizes = [hiddenSize], Seed = seed }, device);

    private static Box<T> BoxOf<T>(BoundedFlowSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string name = $"{Prefix}.0";
        if (settings.Low is null && settings.High is null)
            return new Box<T>(settings.Features, name, settings.BoxMargin);
        return settings is { Low: { } low, High: { } high } && low.Count == settings.Features && high.Count == settings.Features
            ? new Box<T>([.. low], [.. high], name)
            : throw new ArgumentException(
                $"Expected {settings.Features} lower and upper ends of the box or none, got {settings.Low?.Count ?? 0} and {settings.High?.Count ?? 0}.", nameof(settings));
    }
}
