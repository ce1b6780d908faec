using FlowCore.Encoders;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Encoders;

/// <summary>Sets of measurements with a known posterior: o_i ~ N(μ, σ²), μ ~ N(0, τ²), so μ | o ~ N(n ō/(n + r), σ²/(n + r)) with r = σ²/τ².</summary>
[TestFixture]
internal sealed class SetPosteriorTests
{
    private const int Most = 50;
    private const int LeftOut = 35;
    private const double Sigma = 1;
    private const double Tau = 1;

    [Test]
    public void The_posterior_of_a_set_is_learnt_for_every_number_of_items()
    {
        var settings = new DeepSetSettings { ItemUnits = [8, 8], EventUnits = [64, 64], Outputs = 32 };
        var encoder = new DeepSetEncoder<float>(new RaggedLayout(Most, 1), settings);
        using var model = GaussianHeads.Heteroscedastic(encoder, features: 1);
        var options = new TrainingOptions { Epochs = 1, StepsPerEpoch = 3500, BatchSize = 1024, Optimiser = OptimiserSettings.Adam(3e-3), Seed = 3, Warn = null };
        model.Fit(new SetSource(encoder.Layout), options);
        var divergences = new List<double>();
        foreach (var count in (int[])[1, 5, LeftOut, 50])
        {
            var divergence = Divergence(model, encoder.Layout, count);
            TestContext.Out.WriteLine($"n = {count}: {divergence:g3} nats");
            divergences.Add(divergence);
        }

        Assert.That(divergences, Has.All.LessThan(2e-3));
    }

    // The mean over sets of KL(true ‖ learnt), both normal.
    private static double Divergence(ConditionalFlow<float> model, RaggedLayout layout, int count)
    {
        const int Sets = 500;
        var (rows, zero, one, atZero, atOne) = (new float[Sets * layout.Columns], new float[Sets], new float[Sets], new float[Sets], new float[Sets]);
        var means = new double[Sets];
        Array.Fill(one, 1);
        for (var i = 0; i < Sets; i++)
        {
            var row = rows.AsSpan(i * layout.Columns, layout.Columns);
            SetSource.Draw(row, count, new RandomStream(99).Substream((ulong)i));
            for (var j = 0; j < count; j++)
                means[i] += row[1 + j] / count;
        }

        model.ToNoise(zero, rows, atZero, default);
        model.ToNoise(one, rows, atOne, default);
        var sum = 0.0;
        for (var i = 0; i < Sets; i++)
        {
            const double Ratio = Sigma * Sigma / (Tau * Tau);
            var (mean, deviation) = (count * means[i] / (count + Ratio), Sigma / Math.Sqrt(count + Ratio));
            var learnt = 1.0 / (atOne[i] - atZero[i]);
            var distance = (-atZero[i] * learnt) - mean;
            sum += Math.Log(learnt / deviation) + (((deviation * deviation) + (distance * distance)) / (2 * learnt * learnt)) - 0.5;
        }

        return sum / Sets;
    }

    /// <summary>Fresh sets; their numbers of items rise with the row, evenly in the logarithm, so that blocks have similar ones.</summary>
    private sealed class SetSource(RaggedLayout layout) : ITrainingData<float>
    {
        public long? Rows => null;

        public static float Draw(Span<float> row, int count, RandomStream stream)
        {
            Span<float> normal = stackalloc float[1 + Most];
            stream.FillNormal(normal);
            var mean = (float)Tau * normal[0];
            row.Clear();
            row[0] = count;
            for (var j = 0; j < count; j++)
                row[1 + j] = mean + ((float)Sigma * normal[1 + j]);
            return mean;
        }

        public void Fill(in BatchRequest request, Span<float> x, Span<float> context, Span<float> nuisances, Span<float> weights)
        {
            for (var i = 0; i < x.Length; i++)
            {
                var row = request.FirstRow + i;
                var count = Math.Min(Most, (int)Math.Pow(Most + 1, (row + 0.5) / request.BatchSize));
                weights[i] = count == LeftOut ? 0 : 1;
                x[i] = Draw(context.Slice(i * layout.Columns, layout.Columns), count, request.BatchStream().Substream((ulong)row));
            }
        }
    }
}
