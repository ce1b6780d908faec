using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The inverse autoregressive flow (Kingma et al. 2016): the transforms of a <see cref="MaskedAffineFlow"/> that lead from noise to data.
/// </summary>
/// <remarks>
/// x_j = s_j z_j + t_j with s_j and t_j of the noise of lower rank. A sample, with its density, costs one evaluation of each network; the density of a row that is given is found rank by rank, which is one
/// evaluation as well but not one product of matrices. Take it where samples are many and densities are those of samples: variational inference, emulators. Fits to data want a <see cref="MaskedAffineFlow"/>.
/// </remarks>
public static class InverseAutoregressiveFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(MaskedAffineFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        return AutoregressiveFlow.Create(settings, device, new Affine<T>(settings.Slope), mapsNoise: true);
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
        Create<T>(new MaskedAffineFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
