using System.Numerics.Tensors;
using FlowCore.Fields;
using FlowCore.Random;
using FlowCore.Training;

namespace LognormalFields;

/// <summary>The short program of the page: a flow fitted to fields, their statistics, and noise taken off. A few seconds.</summary>
internal static class FirstFields
{
    private const int Side = 16;
    private const int Count = 4000;

    public static void Run(TextWriter output)
    {
        var toy = new LognormalToy(Side, sigma: 0.7);
        using var exact = toy.Exact<float>();
        var fields = exact.Sample(Count, seed: 1).ToArray();
        var truth = Array.ConvertAll(exact.Sample(8, seed: 2).ToArray(), value => (double)value);
        var (observed, hidden) = (new double[truth.Length], new bool[Side * Side]);
        new RandomStream(3).FillNormal<double>(observed);
        for (var i = 0; i < truth.Length; i++)
            observed[i] = truth[i] + (0.8 * observed[i]);
        hidden.AsSpan(0, 40).Fill(true);

        var spectrum = FourierNormal<float>.FromData(fields, Side, Side, learnable: true);
        var power = spectrum.Power;
        using var flow = CouplingFieldFlow.Create<float>(new FieldShape(1, Side, Side), new CouplingFieldFlowSettings { Couplings = 4, HiddenChannels = [8, 8] }, spectrum);
        flow.Fit(Tensor.Create(fields, [Count, Side * Side]), options: new TrainingOptions { Epochs = 10, BatchSize = 100, Optimiser = OptimiserSettings.Adam(2e-3) });

        var samples = flow.Sample(2000, seed: 4).ToArray();
        var (p, q) = (PowerSpectrum.Of<float>(fields, Side, Side), PowerSpectrum.Of<float>(samples, Side, Side));
        output.WriteLine($"P(3) {p.Power[3]:f2}, of the flow {q.Power[3]:f2} ± {q.Errors[3]:f2}; skewness {PixelMoments.Of<float>(fields).Skewness:f2}, {PixelMoments.Of<float>(samples).Skewness:f2}");

        var noise = FieldNoise.Of(Side * Side, deviation: 0.8, hidden);
        using var denoiser = new Denoiser<float>(flow);
        var map = denoiser.MaximumPosterior(observed, noise).Fields;
        var wiener = new WienerFilter(Side, Side, power).Apply(observed, noise);
        output.WriteLine($"r(3) with the truth: Wiener {PowerSpectrum.CrossCorrelation<double>(wiener, truth, Side, Side)[3]:f3}, flow {PowerSpectrum.CrossCorrelation<double>(map, truth, Side, Side)[3]:f3}");
    }
}
