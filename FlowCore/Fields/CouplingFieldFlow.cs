using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Fields;

/// <summary>
/// A flow of fields or images: affine couplings by the colours of a chessboard with convolutions as networks, and on request levels of halved sides (Dinh, Sohl-Dickstein and Bengio 2017,
/// "Density estimation using Real NVP"; Kingma and Dhariwal 2018, "Glow").
/// </summary>
/// <remarks>
/// <para>
/// With one level and periodic edges, the defaults, densities of shifted fields are equal where the shift is by an even number of pixels in all, and windows of 3 × 3 reach 6 pixels further with
/// every two couplings of two hidden layers. The noise may be white or correlated; with several levels it should be white, since what leaves has other pixels.
/// </para>
/// <para>
/// Channels that leave keep their noise: the split is a part of the transform, so both directions are exact. Either direction costs one evaluation of each network; blocks of rows are as small as the
/// fields ask for (<see cref="DensityModel{T}.BlockRows"/>).
/// </para>
/// </remarks>
public static class CouplingFieldFlow
{
    // Fresh couplings are nearly the identity, and still not all alike.
    private const double SmallStart = 1e-3;

    // What leaves may be far narrower than what stays.
    private const double PriorReach = 3;

    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="shape">The field.</param>
    /// <param name="settings">The settings; null for the defaults.</param>
    /// <param name="noise">The distribution of the noise, of as many features; null for the standard normal one.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or the noise has other features.</exception>
    public static Flow<T> Create<T>(FieldShape shape, CouplingFieldFlowSettings? settings = null, BaseDistribution<T>? noise = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        settings ??= new CouplingFieldFlowSettings();
        settings.Check(shape);
        if (noise is not null && noise.Features != shape.Features)
            throw new ArgumentException($"Expected noise of {shape.Features} features, as a field of {shape}, got {noise.Features}.", nameof(noise));
        var maker = new Maker<T>(settings);
        var layers = new List<Transform<T>>();
        if (settings.Standardization is { } numbers)
            layers.Add(Standardization<T>(numbers, shape));
        layers.AddRange(settings.Levels == 1 ? maker.Chessboards(shape) : [maker.Levels(shape)]);
        return new Flow<T>(noise ?? new StandardNormal<T>(shape.Features), new Composition<T>(shape.Features, layers), device);
    }

    private static Standardization<T> Standardization<T>(LocationScale numbers, FieldShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
            new LocationScale(
                [.. Enumerable.Range(0, shape.Features).Select(i => numbers.Location[i / shape.Pixels])], [.. Enumerable.Range(0, shape.Features).Select(i => numbers.Scale[i / shape.Pixels])]),
            "standardize");

    // Makes couplings one after the other, each with a name and a stream of its own.
    private sealed class Maker<T>(CouplingFieldFlowSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly RandomStream _stream = new(settings.Seed);
        private int _made;

        public List<Transform<T>> Chessboards(FieldShape shape)
        {
            var layers = new List<Transform<T>>();
            for (var i = 0; i < settings.Couplings; i++)
                layers.Add(Coupling(shape, i % 2 == 0 ? FieldMask.EvenPixels : FieldMask.OddPixels, settings.Reach, settings.LearnsReach));
            return layers;
        }

        public Factored<T> Levels(FieldShape shape)
        {
            var levels = new Transform<T>[settings.Levels];
            var leaving = new int[settings.Levels - 1];
            for (var level = 0; level < levels.Length; level++)
            {
                var (features, layers) = (shape.Features, Chessboards(shape));
                if (level < leaving.Length)
                {
                    layers.Add(Permutation<T>.Squeeze(shape.Channels, shape.Height, shape.Width));
                    shape = shape.Squeezed();
                    AddCouplingsOfChannels(shape, layers);
                    if (settings.ConditionalPriors)
                        layers.Add(Coupling(shape, FieldMask.LastChannels, PriorReach, learnsReach: true));
                    var staying = shape.Channels / 2;
                    leaving[level] = shape.WithChannels(shape.Channels - staying).Features;
                    shape = shape.WithChannels(staying);
                }

                levels[level] = new Composition<T>(features, layers);
            }

            return new Factored<T>(levels, leaving);
        }

        private void AddCouplingsOfChannels(FieldShape shape, List<Transform<T>> layers)
        {
            for (var i = 0; i < settings.ChannelCouplings; i++)
            {
                if (settings.ActNorm)
                    layers.Add(new OnPixels<T>(new ActNorm<T>(shape.Channels, $"normalization.{_made}"), shape.Height, shape.Width));
                if (settings.MixesChannels)
                    layers.Add(OnPixels<T>.Convolution(shape.Channels, shape.Height, shape.Width, $"mixing.{_made}", _stream.Substream((ulong)_made).Substream(1000)));
                layers.Add(Coupling(shape, i % 2 == 0 ? FieldMask.FirstChannels : FieldMask.LastChannels, settings.Reach, settings.LearnsReach));
            }
        }

        private FieldCoupling<T> Coupling(FieldShape shape, FieldMask mask, double reach, bool learnsReach)
        {
            var name = $"transform.transforms.{_made}";
            var network = FieldCoupling<T>.NetworkFor(shape, mask) with
            {
                HiddenChannels = settings.HiddenChannels,
                KernelSize = settings.KernelSize,
                Padding = settings.Padding,
                Activation = settings.Activation,
                ContextFeatures = settings.ContextFeatures,
            };
            var stream = _stream.Substream((ulong)_made++);
            return new FieldCoupling<T>(shape, mask, new FieldNetwork<T>(network, $"{name}.network", stream, SmallStart), reach, learnsReach ? $"{name}.reach" : null);
        }
    }
}
