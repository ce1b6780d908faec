using System.Diagnostics;
using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Random;

namespace FactorizableFlow.Validation;

/// <summary>Measures models against the truth on fresh events.</summary>
/// <remarks>
/// The events at a point depend on the seed, the sector and ν alone, not on the other points or the number of threads; their stream
/// is a substream that training never draws from. Memory does not grow with the number of events.
/// </remarks>
internal sealed class StudyValidation
{
    // "validate" in ASCII: apart from the small numbers of training's substreams, so the same seed gives unseen events.
    private const ulong Substream = 0x76616C6964617465;
    private const int BlockEvents = 1 << 18;

    private readonly CommandContext _context;
    private readonly long _events;
    private readonly ulong _seed;
    private readonly ClosureLimits _limits;
    private readonly Dictionary<Sector, (EventBlock Block, SamplingCheck Check)> _memory = [];

    /// <summary>Prepares the measurement.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="events">Fresh events a point, at least 2.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="limits">What closure is judged by.</param>
    public StudyValidation(CommandContext context, long events, ulong seed, ClosureLimits limits)
    {
        _context = context;
        _events = events;
        _seed = seed;
        _limits = limits;
    }

    /// <summary>Measures all models at all their points.</summary>
    /// <param name="config">The config of the base flows, for the record.</param>
    /// <param name="systematics">The config of the residuals, or null.</param>
    /// <param name="models">The models.</param>
    /// <param name="device">Where they compute.</param>
    public StudyResults Run(StudyConfig config, StudyConfig? systematics, StudyModels models, Device device)
    {
        var started = Stopwatch.GetTimestamp();
        var total = models.Models.Sum(model => (long)model.Points.Count);
        var points = _context.Reporter.Track("validate", total, progress =>
        {
            List<PointResult> done = [];
            foreach (var model in models.Models)
            {
                foreach (var nu in model.Points)
                {
                    done.Add(Measure(model, nu));
                    progress.Report(done.Count, $"{model.Name} at {ResultTables.Point(nu)}");
                }
            }

            return done;
        });
        return new StudyResults(
            ModelFile.LibraryVersion,
            config.File,
            systematics?.File,
            [.. models.Models.Select(Summary)],
            _seed,
            _events,
            _limits.Name,
            _limits.Rule,
            SamplingResult.Criterion,
            device.Name,
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            points);
    }

    /// <summary>Measures one model at one point.</summary>
    /// <param name="model">The model.</param>
    /// <param name="nu">The point.</param>
    public PointResult Measure(StudyModel model, double[] nu)
    {
        var started = Stopwatch.GetTimestamp();
        (var block, var check) = MemoryOf(model.Sector);
        var generator = new ToyGenerator(model.IsBase ? model.Generator.Nominal : model.Generator.At(nu));
        float[] nuisances = model.IsBase ? [] : [.. nu.Select(value => (float)value)];
        var stream = StreamOf(model.Sector, nu);
        var sums = new ClosureSums();
        var densities = new float[(int)Math.Min(_events, BlockEvents)];
        SamplingResult? sampling = null;
        for (long first = 0; first < _events; first += BlockEvents)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            var n = (int)Math.Min(BlockEvents, _events - first);
            block.Draw(CommandDevice.HostOf(model.Model.Device), generator, stream.Substream(0), first, n);
            model.Model.LogDensity(block.Features, new(block.Context, nuisances), densities.AsSpan(0, n));
            sums.Add(block.Truth, densities.AsSpan(0, n));
            sampling ??= check.Run(model.Model, nuisances, generator, block, stream.Substream(1));
        }

        var row = sums.Row(model.Name, nu);
        return new PointResult(
            row, _limits.For(row.Model, row.Nu), _limits.Holds(row), sampling!, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static ModelSummary Summary(StudyModel model) => new(
        model.Name,
        model.File,
        ModelFile.BaseHash(model.Model is FactorizableFlow<float> factorizable ? factorizable.Base : (Flow<float>)model.Model));

    private RandomStream StreamOf(Sector sector, double[] nu)
    {
        var stream = new RandomStream(_seed).Substream(Substream).Substream(sector.IsKinematic ? 0ul : 1ul);
        foreach (var value in nu)
        {
            // Adding 0 turns -0 into 0.
            stream = stream.Substream(BitConverter.DoubleToUInt64Bits(value + 0.0));
        }

        return stream;
    }

    private (EventBlock Block, SamplingCheck Check) MemoryOf(Sector sector)
    {
        if (!_memory.TryGetValue(sector, out var memory))
        {
            var events = (int)Math.Min(_events, BlockEvents);
            memory = (new EventBlock(sector, events), new SamplingCheck(sector, events, _seed));
            _memory.Add(sector, memory);
        }

        return memory;
    }
}
