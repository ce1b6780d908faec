using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The normal distribution as a flow: z = L (x − b) with a lower triangular L, so that −ln p = ½ |L (x − b)|² − Σ_i ln L_ii + ½ D ln 2π; with a context, b and L are what a
/// network makes of it.
/// </summary>
/// <remarks>
/// <para>
/// Every normal distribution is such a flow, and none is more: <see cref="CholeskyLinear{T}"/>. Both directions cost ½ D² a row, and with a context a network and D². With <see cref="AffineFlowSettings.ShiftOnly"/>
/// it is z = x + t, −ln p = ½ |x + t|² + ½ D ln 2π: least squares.
/// </para>
/// <para>
/// Take it to see how far from normal data are, as the first thing to compare with, or with a context as regression with errors. It is not universal: one peak, ellipses, no tails. It starts as the
/// identity; <see cref="FromData"/> is the fit itself.
/// </para>
/// </remarks>
public static class AffineFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(AffineFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var stream = new RandomStream(settings.Seed);
        var name = StackedFlow.TransformName(0);
        int[] hiddenSizes = [.. settings.HiddenSizes];
        if (!settings.ShiftOnly)
        {
            return StackedFlow.Create(settings, device, [settings.ContextFeatures > 0
                ? new CholeskyLinear<T>(settings.Features, settings.ContextFeatures, hiddenSizes, settings.Activation, name, stream)
                : new CholeskyLinear<T>(settings.Features, name)]);
        }

        if (settings.ContextFeatures == 0)
            return StackedFlow.Create(settings, device, [new Elementwise<T>(new Additive<T>(), settings.Features, name)]);
        var shift = new Conditional<T>(new Additive<T>(), settings.Features, settings.ContextFeatures, hiddenSizes, settings.Activation, name, stream);
        shift.StartAtIdentity();
        return StackedFlow.Create(settings, device, [shift]);
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
        Create<T>(new AffineFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);

    /// <summary>The normal distribution with the mean and the covariance of rows, the one of the greatest likelihood.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="rows">Row-major [n, features], with more rows than features.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows or are not finite, or their covariance has not the full rank.</exception>
    public static Flow<T> FromData<T>(ReadOnlySpan<T> rows, int features, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        StackedFlow.Create(new AffineFlowSettings { Features = features }, device, [CholeskyLinear<T>.FromData(rows, features, StackedFlow.TransformName(0))]);
}
