using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The multi-scale flow of arrays (Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", section 3.6): level by level, pixels are squeezed into channels, couplings act, and half of the
/// channels leave, on a standard normal distribution.
/// </summary>
/// <remarks>
/// The couplings' masks are chessboards and halves of the channels in turn, with an <see cref="ActNorm{T}"/> in front of each, and on request a 1 × 1 convolution, as in Glow (Kingma and Dhariwal 2018).
/// Their networks are dense, or convolutional where so set; it is meant for small arrays, some hundred pixels. Either direction costs one evaluation of each network, and later levels are half as
/// wide. <see cref="BitsPerDimension"/> is the usual measure.
/// </remarks>
public static class MultiScaleFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(MultiScaleFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var stream = new RandomStream(settings.Seed);
        var (channels, height, width) = (settings.Channels, settings.Height, settings.Width);
        var levels = new Transform<T>[settings.Levels];
        for (var level = 0; level < levels.Length; level++)
        {
            var parts = new List<Transform<T>> { Permutation<T>.Squeeze(channels, height, width) };
            (channels, height, width) = (4 * channels, height / 2, width / 2);
            var features = channels * height * width;
            for (var i = 0; i < settings.Transforms; i++)
            {
                var index = (level * settings.Transforms) + i;
                if (settings.ActNorm)
                {
                    parts.Add(settings.MixesChannels
                        ? new OnPixels<T>(new ActNorm<T>(channels, $"normalization.{index}"), height, width)
                        : new ActNorm<T>(features, $"normalization.{index}"));
                }

                if (settings.MixesChannels)
                    parts.Add(OnPixels<T>.Convolution(channels, height, width, $"mixing.{index}", stream.Substream((ulong)index).Substream(1000)));

                // Chessboard, halves, the other chessboard, the other halves.
                var first = i % 4 < 2;
                var passes = i % 2 == 0 ? Coupling<T>.Checkerboard(channels, height, width, first) : Coupling<T>.Halves(features, first);
                parts.Add(CouplingLayers.Create<T>(settings, passes, StackedFlow.TransformName(index), stream.Substream((ulong)index), network: Network(channels, height, width)));
            }

            levels[level] = new Composition<T>(features, parts);

            // Half of the channels leave, the first half of the columns.
            channels /= 2;
        }

        return StackedFlow.Create(settings, device, [new Factored<T>(levels)]);

        CouplingLayers.NetworkMaker<T>? Network(int channels, int height, int width) => !settings.IsConvolutional ? null : (mask, outputs, name, own) =>
            ConvolutionalNetwork<T>.ForCoupling(
                mask, outputs, settings.ContextFeatures,
                new ConvolutionalSettings(channels, channels, height, width)
                {
                    HiddenChannels = settings.HiddenSizes[0],
                    Blocks = settings.ResidualBlocks > 0 ? settings.ResidualBlocks : 2,
                    Padding = settings.Padding,
                    Activation = settings.Activation,
                },
                $"{name}.transform_net", own);
    }
}
