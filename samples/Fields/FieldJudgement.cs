using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Random;

namespace LognormalFields;

/// <summary>What a flow's density and samples come to beside the exact ones.</summary>
/// <param name="Divergence">KL(truth ‖ flow) in nats a pixel: a number, as the truth's density is known.</param>
/// <param name="DivergenceError">Its error.</param>
/// <param name="Power">P of the flow's samples.</param>
/// <param name="PowerOfTruth">P of as many of the truth's.</param>
/// <param name="ExactPower">P as it should be, by ring.</param>
/// <param name="Moments">The flow's pixels.</param>
/// <param name="MomentsOfTruth">The truth's.</param>
/// <param name="Bispectrum">B of the flow's samples.</param>
/// <param name="BispectrumOfTruth">B of the truth's.</param>
/// <param name="Samples">The flow's samples.</param>
/// <param name="Truth">The truth's.</param>
internal sealed record FieldJudgement(
    double Divergence,
    double DivergenceError,
    PowerSpectrum Power,
    PowerSpectrum PowerOfTruth,
    double[] ExactPower,
    PixelMoments Moments,
    PixelMoments MomentsOfTruth,
    double[] Bispectrum,
    double[] BispectrumOfTruth,
    float[] Samples,
    float[] Truth)
{
    /// <summary>The largest deviation of P from the exact one over all rings but the mean, which is one mode alone.</summary>
    public double WorstPower => Enumerable.Range(1, ExactPower.Length - 1).Max(ring => Math.Abs((Power.Power[ring] / ExactPower[ring]) - 1));

    /// <summary>Judges a flow.</summary>
    /// <param name="toy">The truth.</param>
    /// <param name="exact">Its density.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="count">Fields of each.</param>
    /// <param name="seed">The seed.</param>
    public static FieldJudgement Of(LognormalToy toy, Flow<float> exact, DensityModel<float> flow, int count, ulong seed)
    {
        var (truth, samples) = (new float[count * toy.Pixels], new float[count * toy.Pixels]);
        exact.Sample(new RandomStream(seed, 1), 0, truth, default);
        flow.Sample(new RandomStream(seed, 2), 0, samples, default);
        var (p, q) = (new float[count], new float[count]);
        exact.LogDensity(truth, p);
        flow.LogDensity(truth, q);
        var differences = new double[count];
        for (var i = 0; i < count; i++)
            differences[i] = (p[i] - (double)q[i]) / toy.Pixels;
        var power = toy.Power();
        var rings = new double[toy.Grid.RingCount];
        var modes = new double[rings.Length];
        for (var i = 0; i < power.Length; i++)
        {
            rings[toy.Grid.Rings[i]] += power[i];
            modes[toy.Grid.Rings[i]]++;
        }

        var moments = PixelMoments.Of<double>(differences);
        return new FieldJudgement(
            moments.Mean,
            Math.Sqrt(moments.Variance / count),
            PowerSpectrum.Of<float>(samples, toy.Side, toy.Side),
            PowerSpectrum.Of<float>(truth, toy.Side, toy.Side),
            [.. rings.Select((sum, ring) => sum / modes[ring])],
            PixelMoments.Of<float>(samples),
            PixelMoments.Of<float>(truth),
            FlowCore.Fields.Bispectrum.Equilateral<float>(samples, toy.Side, toy.Side),
            FlowCore.Fields.Bispectrum.Equilateral<float>(truth, toy.Side, toy.Side),
            samples,
            truth);
    }
}
