using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Compute;
using FlowCore.Random;

namespace FactorizableFlow.Validation;

/// <summary>Room for events of one sector with their true log-densities, drawn by all workers of a device and used again and again.</summary>
internal sealed class EventBlock : IParallelWork
{
    private const int TaskEvents = 4096;

    private readonly Sector _sector;
    private readonly float[] _features;
    private readonly float[] _context;
    private readonly double[] _truth;
    private ToyGenerator? _generator;
    private RandomStream _stream;
    private long _first;

    public EventBlock(Sector sector, int capacity)
    {
        _sector = sector;
        _features = new float[capacity * sector.Features];
        _context = new float[capacity * sector.ContextFeatures];
        _truth = new double[capacity];
    }

    /// <summary>How many events are in the block.</summary>
    public int Count { get; private set; }

    /// <summary>What the sector's density is of, row-major [Count, 2].</summary>
    public ReadOnlySpan<float> Features => _features.AsSpan(0, Count * _sector.Features);

    /// <summary>Its context, row-major; the class as (1, 0) or (0, 1) comes first.</summary>
    public ReadOnlySpan<float> Context => _context.AsSpan(0, Count * _sector.ContextFeatures);

    /// <summary>True log-density of each event, as the model sees it: of the numbers rounded to float.</summary>
    public ReadOnlySpan<double> Truth => _truth.AsSpan(0, Count);

    /// <summary>Draws events; which ones depends on the generator, the stream and the range alone.</summary>
    /// <param name="device">Whose workers draw.</param>
    /// <param name="generator">What to draw from.</param>
    /// <param name="stream">The randomness.</param>
    /// <param name="first">Index of the first event.</param>
    /// <param name="count">How many, at most the capacity.</param>
    public void Draw(Device device, ToyGenerator generator, RandomStream stream, long first, int count)
    {
        (_generator, _stream, _first, Count) = (generator, stream, first, count);
        device.Run(this, (count + TaskEvents - 1) / TaskEvents);
    }

    void IParallelWork.Run(int item, int worker)
    {
        var start = item * TaskEvents;
        var n = Math.Min(TaskEvents, Count - start);
        var features = _features.AsSpan(start * _sector.Features, n * _sector.Features);
        var context = _context.AsSpan(start * _sector.ContextFeatures, n * _sector.ContextFeatures);
        var density = _truth.AsSpan(start, n);
        var truth = _generator!.Truth;
        _sector.Fill(_generator, _stream, _first + start, n, features, context);
        if (_sector.IsKinematic)
        {
            for (var i = 0; i < n; i++)
                density[i] = truth.LogDensityX(features[2 * i], features[(2 * i) + 1], (int)context[(2 * i) + 1]);
        }
        else
        {
            for (var i = 0; i < n; i++)
            {
                density[i] = truth.LogDensityY(
                    features[2 * i], features[(2 * i) + 1], context[(4 * i) + 2], context[(4 * i) + 3], (int)context[(4 * i) + 1]);
            }
        }
    }
}
