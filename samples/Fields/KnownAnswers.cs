using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Random;
using FlowCore.Transforms;

namespace LognormalFields;

/// <summary>What must come out whatever was trained: the arithmetic behind the study.</summary>
internal static class KnownAnswers
{
    private const int Side = 8;
    private const int Pixels = Side * Side;
    private const int Fields = 4;
    private const int Samples = 100_000;

    /// <summary>Computes all of them; a few seconds.</summary>
    /// <param name="flow">A trained flow.</param>
    /// <param name="toy">Its toy.</param>
    public static IReadOnlyList<KnownAnswer> All(Flow<float> flow, LognormalToy toy) =>
    [
        Wiener(masked: false), Wiener(masked: true), Density(), Covariance(), RoundTrip(flow), Translation(flow, toy), Divergence(toy), SplitStaysReal(),
    ];

    private static double Power(double k) => 3 / (1 + (k * k));

    private static Flow<double> Gaussian() => new(FourierNormal<double>.OfSpectrum(Side, Side, Power), new Composition<double>(Pixels));

    private static KnownAnswer Wiener(bool masked)
    {
        var hidden = new bool[Pixels];
        for (var i = 0; i < Pixels; i++)
            hidden[i] = masked && i % 5 == 0;
        using var prior = Gaussian();
        using var denoiser = new Denoiser<double>(prior);
        var (observed, noise) = (Normal(Fields * Pixels, 4), FieldNoise.Of(Pixels, 1, hidden));
        var wiener = new WienerFilter(Side, Side, ((FourierNormal<double>)prior.Base).Power).Apply(observed, noise);
        var map = denoiser.MaximumPosterior(observed, noise, new DenoiserOptions { GradientTolerance = 1e-8 }).Fields;
        return new KnownAnswer(masked ? "Gaussian prior, masked: MAP - Wiener, largest" : "Gaussian prior: MAP - Wiener, largest", 0, Largest(map, wiener), 1e-6);
    }

    // ln p of a field by the covariance of its pixels, factored by Cholesky.
    private static KnownAnswer Density()
    {
        using var model = Gaussian();
        var x = model.Sample(1, 3).ToArray();
        var logDensity = new double[1];
        model.LogDensity(x, logDensity);
        var (expected, lower, z) = (-0.5 * Pixels * Math.Log(2 * Math.PI), CovarianceMatrix(), new double[Pixels]);
        for (var i = 0; i < Pixels; i++)
        {
            z[i] = x[i];
            for (var j = 0; j <= i; j++)
            {
                var sum = lower[(i * Pixels) + j];
                for (var k = 0; k < j; k++)
                    sum -= lower[(i * Pixels) + k] * lower[(j * Pixels) + k];
                lower[(i * Pixels) + j] = i == j ? Math.Sqrt(sum) : sum / lower[(j * Pixels) + j];
                z[i] -= i == j ? 0 : lower[(i * Pixels) + j] * z[j];
            }

            z[i] /= lower[(i * Pixels) + i];
            expected -= (0.5 * z[i] * z[i]) + Math.Log(lower[(i * Pixels) + i]);
        }

        return new KnownAnswer("correlated base at 8 x 8: ln p against a dense Cholesky", expected, logDensity[0], 1e-9);
    }

    private static KnownAnswer Covariance()
    {
        using var model = Gaussian();
        var (x, covariance, worst) = (new double[Samples * Pixels], CovarianceMatrix(), 0.0);
        model.Sample(new RandomStream(5), 0, x, default);
        for (var pixel = 0; pixel < Pixels; pixel++)
        {
            var sum = 0.0;
            for (var row = 0; row < Samples; row++)
                sum += x[row * Pixels] * x[(row * Pixels) + pixel] / Samples;
            worst = Math.Max(worst, Math.Abs(sum - covariance[pixel]) / Math.Sqrt(((covariance[0] * covariance[0]) + (covariance[pixel] * covariance[pixel])) / Samples));
        }

        return new KnownAnswer("correlated base: covariance of 100,000 samples, largest deviation in errors", 0, worst, 4.5);
    }

    private static KnownAnswer RoundTrip(Flow<float> flow)
    {
        var x = flow.Sample(64, 6).ToArray();
        var (z, back) = (new float[x.Length], new float[x.Length]);
        flow.ToNoise(x, z, default);
        flow.FromNoise(z, back, default);
        var worst = 0.0;
        for (var i = 0; i < x.Length; i++)
            worst = Math.Max(worst, Math.Abs(x[i] - (double)back[i]) / (1 + Math.Abs(x[i])));
        return new KnownAnswer("the flow: from fields to noise and back, largest relative deviation in float", 0, worst, 1e-4);
    }

    // Two pixels down and four to the right are a period of a chessboard.
    private static KnownAnswer Translation(Flow<float> flow, LognormalToy toy)
    {
        var x = flow.Sample(16, 7).ToArray();
        var (moved, here, there) = (new float[x.Length], new float[16], new float[16]);
        for (var i = 0; i < x.Length; i++)
        {
            var (field, row, column) = (i / toy.Pixels, i % toy.Pixels / toy.Side, i % toy.Side);
            moved[(field * toy.Pixels) + ((row + 2) % toy.Side * toy.Side) + ((column + 4) % toy.Side)] = x[i];
        }

        flow.LogDensity(x, here);
        flow.LogDensity(moved, there);
        var worst = 0.0;
        for (var i = 0; i < here.Length; i++)
            worst = Math.Max(worst, Math.Abs(here[i] - (double)there[i]) / toy.Pixels);
        return new KnownAnswer("the flow: ln p of fields moved around the edges, largest change in nats a pixel", 0, worst, 1e-5);
    }

    // ½ ln σ² − ½ mean ln P_g: what the correlations are worth.
    private static KnownAnswer Divergence(LognormalToy toy)
    {
        var expected = Math.Log(toy.Sigma);
        foreach (var k in toy.Grid.Wavenumbers)
            expected -= 0.5 * Math.Log(toy.Spectrum(k)) / toy.Pixels;
        using var exact = toy.Exact<float>();
        using var independent = toy.Independent<float>();
        var judgement = FieldJudgement.Of(toy, exact, independent, 500, seed: 8);
        return new KnownAnswer("KL(truth || independent lognormal pixels), nats a pixel", expected, judgement.Divergence, 4.5 * judgement.DivergenceError);
    }

    private static KnownAnswer SplitStaysReal()
    {
        var x = Normal(Pixels, 9);
        return new KnownAnswer("a field split at k = 3 and joined again, largest deviation", 0, Largest(FourierSplit.Join(x, x, Side, Side, 3), x), 1e-12);
    }

    private static double[] CovarianceMatrix()
    {
        var (grid, covariance) = (new FourierGrid(Side, Side), new double[Pixels * Pixels]);
        for (var i = 0; i < covariance.Length; i++)
        {
            var (a, b) = (i / Pixels, i % Pixels);
            for (var mode = 0; mode < Pixels; mode++)
            {
                var angle = (((a / Side) - (b / Side)) * (mode / Side)) + (((a % Side) - (b % Side)) * (mode % Side));
                covariance[i] += Power(grid.Wavenumbers[mode]) * Math.Cos(2 * Math.PI * angle / Side) / Pixels;
            }
        }

        return covariance;
    }

    private static double Largest(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static double[] Normal(int count, ulong seed)
    {
        var numbers = new double[count];
        new RandomStream(seed).FillNormal<double>(numbers);
        return numbers;
    }
}
