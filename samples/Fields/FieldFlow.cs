using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Random;
using FlowCore.Transforms;

namespace LognormalFields;

/// <summary>Builds the flows of the study.</summary>
internal static class FieldFlow
{
    // Half a million pixels, and 512 numbers for every mode.
    private const int StartFields = 512;

    // The variance of one mode to a hundredth.
    private const int SpectrumFields = 16_384;

    /// <summary>A flow of the given parts: from the data one spline for all pixels, checkerboard couplings, and a Gaussian field whose spectrum is learned, which begins as that of fresh fields.</summary>
    /// <param name="config">Which parts.</param>
    /// <param name="exact">Where fresh fields come from.</param>
    /// <param name="device">Where to compute.</param>
    public static Flow<float> Create(FieldConfig config, Flow<float> exact, Device device)
    {
        var side = config.Toy.Side;
        var fields = new float[StartFields * side * side];
        exact.Sample(new RandomStream(config.Training.Seed, 1), 0, fields, default);
        var parts = new List<Transform<float>>();
        if (config.Flow.Bins > 0)
            parts.Add(PixelSpline.Start(config.Flow.Bins, fields, side * side));
        var shape = new FieldShape(1, side, side);
        for (var i = 0; i < config.Flow.Couplings; i++)
            parts.Add(Coupling(shape, i, config));
        return new Flow<float>(FourierNormal<float>.FromData(fields, side, side, learnable: true), new Composition<float>(side * side, parts), device);
    }

    /// <summary>
    /// Sets the spectrum of the noise to the most likely one of fresh fields. It has a closed form, and steps by noisy gradients reach it last where few modes have a wavenumber, as the mean, which is one.
    /// </summary>
    /// <param name="flow">A trained flow.</param>
    /// <param name="exact">Where fresh fields come from.</param>
    /// <param name="seed">Of which stream.</param>
    public static void FitSpectrum(Flow<float> flow, Flow<float> exact, ulong seed)
    {
        var grid = ((FourierNormal<float>)flow.Base).Grid;
        var (fields, noise) = (new float[SpectrumFields * grid.Pixels], new float[SpectrumFields * grid.Pixels]);
        exact.Sample(new RandomStream(seed, 3), 0, fields, default);
        flow.ToNoise(fields, noise, default);
        var fitted = FourierNormal<float>.FromData(noise, grid.Height, grid.Width);
        var logPower = new float[fitted.Parameters[0].Length];
        fitted.Parameters[0].Read(logPower);
        flow.Base.Parameters[0].Write(logPower);
    }

    // As CouplingFieldFlow makes them, behind a spline or not. Near the identity, so that the spectrum to begin with is right.
    private static FieldCoupling<float> Coupling(FieldShape shape, int index, FieldConfig config)
    {
        var mask = index % 2 == 0 ? FieldMask.EvenPixels : FieldMask.OddPixels;
        var settings = FieldCoupling<float>.NetworkFor(shape, mask) with { HiddenChannels = config.Flow.Hidden };
        var name = $"coupling.{index}";
        return new FieldCoupling<float>(shape, mask, new FieldNetwork<float>(settings, $"{name}.network", new RandomStream(config.Training.Seed, 2).Substream((ulong)index), 1e-3), 1, $"{name}.reach");
    }
}
