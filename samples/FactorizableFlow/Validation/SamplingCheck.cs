using CommandLine;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Compute;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Statistics;

namespace FactorizableFlow.Validation;

/// <summary>Checks the direction from noise to events, and the quantiles: what a density alone does not show.</summary>
/// <remarks>Holds memory for the largest number of events; one check at a time.</remarks>
internal sealed class SamplingCheck
{
    /// <summary>The most events that are compared: a share of 1 % of them is three times the 99 % band.</summary>
    public const int LargestEvents = 100_000;

    private const int EnergyEvents = 2000;
    private const int CellsAcross = 10;
    private const int ClassCount = 2;

    private readonly Sector _sector;
    private readonly EventBlock _contexts;
    private readonly ulong _seed;
    private readonly int _capacity;
    private readonly float[] _samples;

    /// <summary>Takes the memory.</summary>
    /// <param name="sector">Which density.</param>
    /// <param name="events">The most events of a check.</param>
    /// <param name="seed">Seed of the energy test's relabellings.</param>
    public SamplingCheck(Sector sector, int events, ulong seed)
    {
        _sector = sector;
        _seed = seed;
        _capacity = Math.Min(events, LargestEvents);
        _contexts = new EventBlock(sector, _capacity);
        _samples = new float[_capacity * sector.Features];
    }

    /// <summary>Compares a model with the generator.</summary>
    /// <param name="model">The model.</param>
    /// <param name="nuisances">ν, or empty for a base flow.</param>
    /// <param name="generator">The generator at ν.</param>
    /// <param name="events">Events of the generator.</param>
    /// <param name="stream">Source of the samples, independent of the events.</param>
    public SamplingResult Run(DensityModel<float> model, float[] nuisances, ToyGenerator generator, EventBlock events, RandomStream stream)
    {
        var count = Math.Min(events.Count, _capacity);
        var numbers = count * _sector.Features;
        var features = events.Features[..numbers];
        var context = events.Context[..(count * _sector.ContextFeatures)];
        var quantiles = EventQuantiles.Of(model, features, new(context, nuisances));
        var host = CommandDevice.HostOf(model.Device);
        _contexts.Draw(host, generator, stream.Substream(0), 0, count);
        var samples = _samples.AsSpan(0, numbers);
        model.Sample(stream.Substream(1), 0, new(_contexts.Context, nuisances), samples, default);
        RefuseNonFinite(samples);
        UniformityTest[] components = [.. quantiles.Select((column, j) => UniformityTest.Of($"quantile {j}", column))];
        ChiSquareOfCells(quantiles, context, out var chiSquare, out var degreesOfFreedom);
        var pit = new PitResult(
            [.. components.Select(test => KolmogorovSmirnov.Of(test.Statistic, test.PValue, count))],
            [.. components.Select(LargestPull)],
            chiSquare,
            degreesOfFreedom,
            ChiSquareDistribution.Survival(chiSquare, degreesOfFreedom),
            Math.Sqrt(Math.Max(0, chiSquare - degreesOfFreedom) / count));
        var marginals = TwoSample.Kolmogorov<float>(features, samples, _sector.Features);
        return new SamplingResult(
            count, pit, [.. marginals.Select(test => KolmogorovSmirnov.Of(test.Distance, test.PValue, count / 2.0))], TestEnergy(host, features, context));
    }

    // The largest deviation at the percentiles 1 to 99: beyond them a few events decide.
    private static double LargestPull(UniformityTest test)
    {
        double largest = 0;
        for (var percent = 1; percent < 100; percent++)
        {
            var q = percent / 100.0;
            largest = Math.Max(largest, Math.Abs(test.CoverageAt(q) - q) / Math.Sqrt(q * (1 - q) / test.Events));
        }

        return largest;
    }

    private static void RefuseNonFinite(ReadOnlySpan<float> samples)
    {
        foreach (var number in samples)
        {
            if (!float.IsFinite(number))
                throw new ArithmeticException($"The model's samples must be finite, but one is {number}.");
        }
    }

    private void ChiSquareOfCells(double[][] quantiles, ReadOnlySpan<float> context, out double chiSquare, out int degreesOfFreedom)
    {
        Span<int> counts = stackalloc int[ClassCount * CellsAcross * CellsAcross];
        Span<int> classes = stackalloc int[ClassCount];
        counts.Clear();
        classes.Clear();
        for (var i = 0; i < quantiles[0].Length; i++)
        {
            var label = (int)context[(i * _sector.ContextFeatures) + 1];
            var first = Math.Min((int)(quantiles[0][i] * CellsAcross), CellsAcross - 1);
            var second = Math.Min((int)(quantiles[1][i] * CellsAcross), CellsAcross - 1);
            counts[(((label * CellsAcross) + first) * CellsAcross) + second]++;
            classes[label]++;
        }

        chiSquare = 0;
        degreesOfFreedom = 0;
        for (var label = 0; label < ClassCount; label++)
        {
            var expected = (double)classes[label] / (CellsAcross * CellsAcross);
            if (expected == 0)
                continue;

            // Within a class only the total is given: one degree of freedom less than cells.
            degreesOfFreedom += (CellsAcross * CellsAcross) - 1;
            foreach (var count in counts.Slice(label * CellsAcross * CellsAcross, CellsAcross * CellsAcross))
                chiSquare += (count - expected) * (count - expected) / expected;
        }
    }

    private EnergyResult TestEnergy(Device device, ReadOnlySpan<float> features, ReadOnlySpan<float> context)
    {
        var events = Math.Min(features.Length / _sector.Features, EnergyEvents);
        var dimensions = _sector.Features + _sector.ContextFeatures;
        var (real, drawn) = (new float[events * dimensions], new float[events * dimensions]);
        Join(features, context, real);
        Join(_samples, _contexts.Context, drawn);
        var options = new TwoSampleOptions { Permutations = SamplingResult.Permutations, Seed = _seed, Device = device };
        var test = TwoSample.Energy<float>(real, drawn, dimensions, options);
        return new EnergyResult(events, test.Statistic, test.Coefficient, test.PValue);
    }

    private void Join(ReadOnlySpan<float> features, ReadOnlySpan<float> context, Span<float> rows)
    {
        var dimensions = _sector.Features + _sector.ContextFeatures;
        for (var i = 0; i < rows.Length / dimensions; i++)
        {
            var row = rows.Slice(i * dimensions, dimensions);
            features.Slice(i * _sector.Features, _sector.Features).CopyTo(row);
            context.Slice(i * _sector.ContextFeatures, _sector.ContextFeatures).CopyTo(row[_sector.Features..]);
        }
    }
}
