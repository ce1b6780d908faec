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
        return new Flow<float>(FourierNormal<float>.FromData(fields, side, side, learnable: true), new Composition<float>(side * side, parts), device);
    }
}
