using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>Builds flows of maps along few directions, under the names of normflows.</summary>
internal static class LowRankFlow
{
    /// <summary>Makes the flow.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <param name="layer">Makes a layer, of the prefix of its names and the source of its fresh numbers.</param>
    public static Flow<T> Create<T>(LowRankFlowSettings settings, Device? device, Func<string, RandomStream, Transform<T>> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var stream = new RandomStream(settings.Seed);
        var layers = new Transform<T>[settings.Transforms];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = layer($"flows.{i}", stream.Substream((ulong)i));
        return StackedFlow.Create(settings, device, layers, settings.MapsNoise);
    }
}
