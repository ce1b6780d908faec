using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The flow of coupling layers (NICE, Dinh, Krueger and Bengio 2015; Real NVP, Dinh, Sohl-Dickstein and Bengio 2017; with splines, Durkan et al. 2019) on a standard normal distribution: some features pass,
/// and a network of them and of the context says how the others are transformed.
/// </summary>
/// <remarks>
/// <para>
/// Either direction costs one evaluation of each network and is closed, so samples are as fast as densities: take it where both are needed, and for many features. For a fit to few
/// features an autoregressive flow says more with as many numbers.
/// </para>
/// <para>
/// Splines and affine maps of many layers are universal; additive ones keep volumes, so their density has the base's maximum everywhere. Between layers features may be
/// mixed and normalized as in Glow (Kingma and Dhariwal 2018).
/// </para>
/// </remarks>
public static class CouplingFlow
{
    private const int Reflections = 10;

    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <param name="univariate">τ in place of that of the settings: any map with parameters that a network can compute, and none of its own.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(CouplingFlowSettings settings, Device? device = null, Univariate<T>? univariate = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var stream = new RandomStream(settings.Seed);
        var layers = new List<Transform<T>>();
        for (var i = 0; i < settings.Transforms; i++)
        {
            // Layer i draws its mask from substream 4i, its weights from 4i + 1, its permutation from 4i + 2.
            var own = 4 * (ulong)i;
            if (settings.ActNorm)
                layers.Add(new ActNorm<T>(settings.Features, $"normalization.{i}"));
            if (settings.Mixing != CouplingMixing.None)
                layers.Add(Permutation<T>.Drawn(settings.Features, stream.Substream(own + 2)));
            if (settings.Mixing == CouplingMixing.Lu)
                layers.Add(new LuLinear<T>(settings.Features, $"mixing.{i}"));
            else if (settings.Mixing == CouplingMixing.Svd)
                layers.Add(new SvdLinear<T>(settings.Features, Reflections, $"mixing.{i}"));
            var passes = settings.Mask switch
            {
                CouplingMask.Halves => Coupling<T>.Halves(settings.Features, i % 2 == 0),
                CouplingMask.Random => Coupling<T>.RandomHalf(settings.Features, stream.Substream(own)),
                _ => Coupling<T>.Alternating(settings.Features, i % 2 == 0),
            };
            layers.Add(CouplingLayers.Create(settings, passes, StackedFlow.TransformName(i), stream.Substream(own + 1), univariate, settings.MapsPassing));
        }

        return StackedFlow.Create(settings, device, layers);
    }

    /// <summary>Creates a fresh flow with default settings.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 2.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="seed">The seed of the fresh numbers.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    public static Flow<T> Create<T>(int features, int contextFeatures = 0, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(new CouplingFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
