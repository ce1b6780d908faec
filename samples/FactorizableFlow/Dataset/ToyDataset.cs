using FactorizableFlow.Generator;
using FlowCore.IO;
using FlowCore.Random;

namespace FactorizableFlow.Dataset;

/// <summary>
/// Events of the toy in memory, as generate-dataset stores them: an .npz with x [n, 2] and y [n, 2] (float32), label [n] (int32, 0 for
/// class A, 1 for B), nuisances [3] (float64: ν_shift, ν_rot, ν_squeeze) and seed (uint64).
/// </summary>
public sealed class ToyDataset
{
    /// <summary>The most events of one data set: eight bytes an event keep each array below 2 GiB.</summary>
    public const long LargestCount = 1L << 27;

    private ToyDataset(float[] x, float[] y, int[] labels, double[] nuisances, ulong seed)
    {
        X = x;
        Y = y;
        Labels = labels;
        Nuisances = nuisances;
        Seed = seed;
    }

    /// <summary>Number of events.</summary>
    public int Count => Labels.Length;

    /// <summary>x, row-major [n, 2].</summary>
    public float[] X { get; }

    /// <summary>y, row-major [n, 2].</summary>
    public float[] Y { get; }

    /// <summary>0 for class A, 1 for B.</summary>
    public int[] Labels { get; }

    /// <summary>ν_shift, ν_rot, ν_squeeze.</summary>
    public double[] Nuisances { get; }

    /// <summary>The seed the events were drawn with.</summary>
    public ulong Seed { get; }

    /// <summary>Draws a data set; the same for any number of threads.</summary>
    /// <param name="settings">What to draw.</param>
    /// <param name="count">How many events; at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="threads">Threads to use; 0 for all cores.</param>
    /// <param name="progress">Told how many events are done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of events is below 1 or too large for one array.</exception>
    public static ToyDataset Generate(
        GeneratorSettings settings, long count, ulong seed, int threads, Action<long> progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, LargestCount);
        const int chunk = 1 << 16;
        var generator = new ToyGenerator(settings);
        var stream = new RandomStream(seed);
        var x = new float[2 * count];
        var y = new float[2 * count];
        var labels = new int[count];
        long done = 0;
        var options = new ParallelOptions
        {
            CancellationToken = cancellation,
            MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads,
        };
        Parallel.For(0, (int)((count + chunk - 1) / chunk), options, part =>
        {
            var start = part * chunk;
            var n = (int)Math.Min(chunk, count - start);
            generator.Generate(stream, start, n, x.AsSpan(2 * start, 2 * n), y.AsSpan(2 * start, 2 * n), labels.AsSpan(start, n));
            progress(Interlocked.Add(ref done, n));
        });
        return new ToyDataset(
            x, y, labels, [settings.VariationShift, settings.VariationRotation, settings.VariationSqueeze], seed);
    }

    /// <summary>Writes the data set, whole or not at all.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void Save(string path) =>
        NpzFile.Write(path, new TensorArchive(
        [
            TensorData.Create<float>("x", [Count, 2], X),
            TensorData.Create<float>("y", [Count, 2], Y),
            TensorData.Create<int>("label", [Count], Labels),
            TensorData.Create<double>("nuisances", [3], Nuisances),
            TensorData.Create<ulong>("seed", [], [Seed]),
        ]));

    /// <summary>Reads a data set.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The file is not such a data set.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ToyDataset Load(string path)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("The name of a data set's file is expected, but it is empty or holds a null character.");
        return ContentBoundary.Read(path, () => ReadFile(path));
    }

    private static ToyDataset ReadFile(string path)
    {
        var archive = NpzFile.Read(path);
        long count = archive.TryGet("label", out var first) ? first.Count : 0;
        var labels = Find(path, archive, "label", count);
        var x = Find(path, archive, "x", count, 2);
        var y = Find(path, archive, "y", count, 2);
        var nuisances = Find(path, archive, "nuisances", 3);
        var seed = Find(path, archive, "seed");
        var set = new ToyDataset(
            x.ToArray<float>(), y.ToArray<float>(), labels.ToArray<int>(), nuisances.ToArray<double>(), seed.ToArray<ulong>()[0]);
        foreach (var label in set.Labels)
        {
            if (label is not (0 or 1))
                throw new ModelFormatException(path, "label", $"Expected 0 or 1, got {label}.");
        }

        return set;
    }

    private static TensorData Find(string path, TensorArchive archive, string name, params ReadOnlySpan<long> shape)
    {
        if (!archive.TryGet(name, out var tensor))
            throw new ModelFormatException(path, name, "The array is missing, so this is no data set of the toy.");

        return tensor.Shape.AsSpan().SequenceEqual(shape)
            ? tensor
            : throw new ModelFormatException(path, name, $"Expected the shape [{string.Join(", ", shape.ToArray())}], got {tensor}.");
    }
}
