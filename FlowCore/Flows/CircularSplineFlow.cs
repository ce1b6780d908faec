using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The circular spline flow (Rezende et al. 2020): masked autoregressive rational-quadratic splines of the circle [−π, π], for data that are angles, on the uniform distribution of angles.
/// </summary>
/// <remarks>
/// A density costs one evaluation of each network, a sample one rank by rank; both directions are closed. Universal among densities of angles as the bins grow. Take it for phases and directions; a feature that is no
/// angle does not belong in it. It is zuko's NCSF with <see cref="CircularSplineFlowSettings.IsZuko"/>.
/// </remarks>
public static class CircularSplineFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(CircularSplineFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var spline = new SplineSettings(settings.Bins, Math.PI, settings.Slope) { Tails = SplineTails.Circular };
        var (angles, bounds) = (new int[settings.Features], new double[settings.Features]);
        var lower = new double[settings.Features];
        for (var j = 0; j < angles.Length; j++)
            (angles[j], bounds[j], lower[j]) = (j, Math.PI, -Math.PI);
        AutoregressiveFlow.NetworkMaker<T> periodic = (order, outputs, name, stream) => new PeriodicMaskedNetwork<T>(
            new MaskedMlp<T>(PeriodicMaskedNetwork<T>.WithCosines(order, angles), [.. settings.HiddenSizes], outputs, settings.Activation, $"{name}.hyper", stream),
            angles, bounds);
        var layers = AutoregressiveFlow.Layers(
            settings,
            (_, _) => settings.IsZuko
                ? CircularSpline<T>.OfZuko(settings.Bins, slope: settings.Slope)
                : new CircularSpline<T>(spline with { Ends = SplineEnds.Tied }),
            network: settings.IsZuko ? null : periodic);
        return StackedFlow.Create(settings, device, layers, noise: new UniformBox<T>(lower, bounds));
    }

    /// <summary>Creates a fresh flow with default settings.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="seed">The seed of the fresh numbers.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    public static Flow<T> Create<T>(int features, int contextFeatures = 0, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(new CircularSplineFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
