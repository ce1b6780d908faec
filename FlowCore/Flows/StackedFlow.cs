using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>Puts the layers of a ready-made flow together.</summary>
internal static class StackedFlow
{
    public const string StandardizationName = "standardize";

    /// <summary>Makes the flow of layers.</summary>
    /// <param name="settings">The settings, checked.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <param name="layers">The layers in their order.</param>
    /// <param name="mapsNoise">Whether they map noise to data rather than data to noise.</param>
    /// <param name="noise">The distribution of the noise; null for the standard normal one.</param>
    public static Flow<T> Create<T>(
        ReadyMadeFlowSettings settings, Device? device, IReadOnlyList<Transform<T>> layers, bool mapsNoise = false, BaseDistribution<T>? noise = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = new List<Transform<T>>();
        if (settings.Standardization is { } standardization)
            parts.Add(new Standardization<T>(standardization, StandardizationName));
        if (mapsNoise)
            parts.Add(new Inverted<T>(new Composition<T>(settings.Features, layers)));
        else
            parts.AddRange(layers);
        return new Flow<T>(noise ?? new StandardNormal<T>(settings.Features), new Composition<T>(settings.Features, parts), device);
    }

    public static string TransformName(int index) => $"transform.transforms.{index}";
}
