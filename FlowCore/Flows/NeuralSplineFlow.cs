using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The neural spline flow (Durkan et al. 2019): masked autoregressive rational-quadratic splines on a standard normal
/// distribution, numerically as zuko's NSF.
/// </summary>
public static class NeuralSplineFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(NeuralSplineFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        return StackedFlow.Create(settings, device, Layers<T>(settings));
    }

    /// <summary>Creates a fresh flow with default settings.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="seed">The seed of the fresh weights.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    public static Flow<T> Create<T>(int features, int contextFeatures = 0, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(new NeuralSplineFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);

    /// <summary>The transforms in their order.</summary>
    internal static List<Transform<T>> Layers<T>(NeuralSplineFlowSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (settings.AffineTransforms < 0)
            throw new ArgumentException($"Expected 0 or more affine transforms, got {settings.AffineTransforms}.", nameof(settings));
        var spline = new RationalQuadraticSpline<T>(new SplineSettings(settings.Bins, settings.Bound, settings.Slope));
        return AutoregressiveFlow.Layers<T>(settings, (_, _) => spline, settings.AffineTransforms);
    }
}
