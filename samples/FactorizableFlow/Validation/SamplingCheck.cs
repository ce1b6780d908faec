using FactorizableFlow.Application;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Random;
using FlowCore.Statistics;

namespace FactorizableFlow.Validation;

/// <summary>Checks the direction from noise to events, and the quantiles: what a density alone does not show.</summary>
/// <remarks>Holds memory for the largest number of events; one check at a time.</remarks>
internal sealed class SamplingCheck : IParallelWork
{
    /// <summary>The most events that are compared: a share of 1 % of them is three times the 99 % band.</summary>
    public const int LargestEvents = 100_000;

    private const int EnergyEvents = 2000;
    private const int CellsAcross = 10;
    private const int ClassCount = 2;

    private readonly Sector _sector;
    private readonly EventBlock _contexts;
    private readonly EnergyTest _energy;
    private readonly int _capacity;
    private readonly int _energyEvents;
    private readonly float[] _noise;
    private readonly float[] _samples;
    private readonly float[][] _columns;
    private readonly double[][] _quantiles;

    // What the workers of one check read.
    private EventBlock? _events;
    private int _count;
    private (double Location, double Scale)[] _base = [];

    /// <summary>Takes the memory.</summary>
    /// <param name="sector">Which density.</param>
    /// <param name="events">The most events of a check.</param>
    /// <param name="stream">Source of the energy test's relabellings.</param>
    public SamplingCheck(Sector sector, int events, RandomStream stream)
    {
        _sector = sector;
        _capacity = Math.Min(events, LargestEvents);
        _energyEvents = Math.Min(_capacity, EnergyEvents);
        _contexts = new EventBlock(sector, _capacity);
        _energy = new EnergyTest(_energyEvents, stream);
        _noise = new float[_capacity * sector.Features];
        _samples = new float[_capacity * sector.Features];
        _columns = [.. Enumerable.Range(0, 2 * sector.Features).Select(_ => new float[_capacity])];
        _quantiles = [.. Enumerable.Range(0, sector.Features).Select(_ => new double[_capacity])];
    }

    /// <summary>Compares a model with the generator.</summary>
    /// <param name="model">The model.</param>
    /// <param name="nuisances">ν, or empty for a base flow.</param>
    /// <param name="generator">The generator at ν.</param>
    /// <param name="events">Events of the generator.</param>
    /// <param name="stream">Source of the samples, independent of the events.</param>
    public SamplingResult Run(DensityModel<float> model, float[] nuisances, ToyGenerator generator, EventBlock events, RandomStream stream)
    {
        _events = events;
        _count = Math.Min(events.Count, _capacity);
        _base = NoiseOf(model);
        var numbers = _count * _sector.Features;
        model.ToNoise(events.Features[..numbers], new(events.Context[..(_count * _sector.ContextFeatures)], nuisances), _noise.AsSpan(0, numbers), default);
        var host = StudyDevice.HostOf(model.Device);
        _contexts.Draw(host, generator, stream.Substream(0), 0, _count);
        model.Sample(stream.Substream(1), 0, new(_contexts.Context, nuisances), _samples.AsSpan(0, numbers), default);
        RefuseNonFinite(_noise.AsSpan(0, numbers), "quantiles");
        RefuseNonFinite(_samples.AsSpan(0, numbers), "samples");

        // The cells need events whole, so quantiles are counted before the columns are sorted.
        ChiSquareOfCells(out var chiSquare, out var degreesOfFreedom);
        host.Run(this, 3 * _sector.Features);
        var pit = new PitResult(
            [.. _quantiles.Select(column => KolmogorovSmirnov.Uniform(column.AsSpan(0, _count)))],
            [.. _quantiles.Select(column => LargestPull(column.AsSpan(0, _count)))],
            chiSquare,
            degreesOfFreedom,
            ChiSquareDistribution.Survival(chiSquare, degreesOfFreedom),
            Math.Sqrt(Math.Max(0, chiSquare - degreesOfFreedom) / _count));
        var marginals = new KolmogorovSmirnov[_sector.Features];
        for (var feature = 0; feature < marginals.Length; feature++)
        {
            marginals[feature] = KolmogorovSmirnov.TwoSamples(
                _columns[2 * feature].AsSpan(0, _count), _columns[(2 * feature) + 1].AsSpan(0, _count));
        }

        return new SamplingResult(_count, pit, marginals, TestEnergy(host));
    }

    // Per feature: sort its quantiles, its events, its samples.
    void IParallelWork.Run(int item, int worker)
    {
        var feature = item / 3;
        if (item % 3 == 0)
        {
            for (var i = 0; i < _count; i++)
                _quantiles[feature][i] = Quantile(i, feature);

            Array.Sort(_quantiles[feature], 0, _count);
            return;
        }

        var source = item % 3 == 1 ? _events!.Features : _samples;
        var column = _columns[(2 * feature) + (item % 3) - 1];
        for (var i = 0; i < _count; i++)
            column[i] = source[(i * _sector.Features) + feature];

        Array.Sort(column, 0, _count);
    }

    private static (double Location, double Scale)[] NoiseOf(DensityModel<float> model)
    {
        var noise = model.BaseDistribution;
        return noise switch
        {
            StandardNormal<float> => [.. Enumerable.Repeat((0.0, 1.0), model.Features)],
            DiagonalNormal<float> normal => [.. normal.Location.Zip(normal.Scale)],
            _ => throw new NotSupportedException($"Quantiles are known for normal noise; this model's is a {noise.GetType().Name}."),
        };
    }

    // The largest deviation at the percentiles 1 to 99: beyond them a few events decide.
    private static double LargestPull(ReadOnlySpan<double> sorted)
    {
        double largest = 0;
        var below = 0;
        for (var percent = 1; percent < 100; percent++)
        {
            var q = percent / 100.0;
            while (below < sorted.Length && sorted[below] <= q)
                below++;

            var error = Math.Sqrt(q * (1 - q) / sorted.Length);
            largest = Math.Max(largest, Math.Abs(((double)below / sorted.Length) - q) / error);
        }

        return largest;
    }

    private static void RefuseNonFinite(ReadOnlySpan<float> numbers, string what)
    {
        foreach (var number in numbers)
        {
            if (!float.IsFinite(number))
                throw new ArithmeticException($"The model's {what} must be finite, but one is {number}.");
        }
    }

    private double Quantile(int row, int feature) =>
        NormalDistribution.Cdf((_noise[(row * _sector.Features) + feature] - _base[feature].Location) / _base[feature].Scale);

    private void ChiSquareOfCells(out double chiSquare, out int degreesOfFreedom)
    {
        Span<int> counts = stackalloc int[ClassCount * CellsAcross * CellsAcross];
        Span<int> classes = stackalloc int[ClassCount];
        counts.Clear();
        classes.Clear();
        for (var i = 0; i < _count; i++)
        {
            var label = (int)_events!.Context[(i * _sector.ContextFeatures) + 1];
            var first = Math.Min((int)(Quantile(i, 0) * CellsAcross), CellsAcross - 1);
            var second = Math.Min((int)(Quantile(i, 1) * CellsAcross), CellsAcross - 1);
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

    private EnergyResult TestEnergy(Device device)
    {
        var dimensions = _sector.Features + _sector.ContextFeatures;
        var points = new float[2 * _energyEvents * dimensions];
        for (var i = 0; i < _energyEvents; i++)
        {
            var real = points.AsSpan(i * dimensions, dimensions);
            var drawn = points.AsSpan((_energyEvents + i) * dimensions, dimensions);
            _events!.Features.Slice(i * _sector.Features, _sector.Features).CopyTo(real);
            _events.Context.Slice(i * _sector.ContextFeatures, _sector.ContextFeatures).CopyTo(real[_sector.Features..]);
            _samples.AsSpan(i * _sector.Features, _sector.Features).CopyTo(drawn);
            _contexts.Context.Slice(i * _sector.ContextFeatures, _sector.ContextFeatures).CopyTo(drawn[_sector.Features..]);
        }

        ScaleToEvents(points, dimensions);
        return _energy.Run(device, points, dimensions);
    }

    // Distances compare dimensions of different units, so each is counted in standard deviations of the generator's events.
    private void ScaleToEvents(float[] points, int dimensions)
    {
        for (var k = 0; k < dimensions; k++)
        {
            double sum = 0;
            double squares = 0;
            for (var i = 0; i < _energyEvents; i++)
            {
                double value = points[(i * dimensions) + k];
                sum += value;
                squares += value * value;
            }

            var mean = sum / _energyEvents;
            var variance = (squares / _energyEvents) - (mean * mean);
            var scale = variance > 0 ? (float)(1 / Math.Sqrt(variance)) : 0;
            for (var i = k; i < points.Length; i += dimensions)
                points[i] *= scale;
        }
    }
}
