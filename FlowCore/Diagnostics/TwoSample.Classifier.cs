using System.Numerics;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Diagnostics;

/// <content>The test by a classifier.</content>
public static partial class TwoSample
{
    private const int HiddenUnits = 32;
    private const int MostEpochs = 60;
    private const int Patience = 5;

    /// <summary>
    /// Trains a network to tell the samples apart on one half of the rows and judges it on the other, both ways (D. Lopez-Paz, M. Oquab, "Revisiting
    /// classifier two-sample tests", ICLR 2017).
    /// </summary>
    /// <remarks>
    /// Samples of different sizes are weighted alike. The p-value keeps the network and relabels the rows that it has not seen, of the first fold: it is exact. The
    /// folds together are not independent. Say the samples differ by d₁ in one half and by d₂ in the other, all by chance: the networks learn the signs, the areas
    /// depart from ½ by d₁ sgn d₂ and d₂ sgn d₁, and these have one sign. So the mean of both is the better estimate, but relabellings of both would not have its spread.
    /// </remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="first">Row-major [n, features], at least 16 rows of finite numbers.</param>
    /// <param name="second">Row-major [m, features], likewise.</param>
    /// <param name="features">The columns.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="training">How the network is trained; null for AdamW at 3·10⁻³ until a tenth of the rows held out shows no gain.</param>
    /// <returns>The test.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows, there are too few, or one is not finite.</exception>
    public static ClassifierResult Classifier<T>(
        ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features, TwoSampleOptions? options = null, TrainingOptions? training = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int leastRows = 16;
        options ??= new TwoSampleOptions();
        var rows = Prepare(first, second, features, options);
        if (Math.Min(rows.First, rows.Second) < leastRows)
            throw new ArgumentException($"Expected at least {leastRows} rows of each sample, got {rows.First} and {rows.Second}.", nameof(first));
        training ??= new TrainingOptions
        {
            Epochs = MostEpochs,
            Optimiser = OptimiserSettings.AdamW(3e-3),
            EarlyStopping = new EarlyStopping(Patience),
            Seed = options.Seed,

            // What is warned of concerns densities; a classifier takes columns of few values as they are.
            Warn = null,
        };
        var stream = DiagnosticStream.Of(options.Seed);
        var fold = Folds(rows, stream.Substream(ulong.MaxValue - 1));
        var scores = new float[rows.Count];
        for (var f = 0; f < 2; f++)
            Score(rows, fold, f, scores, options, training, stream.Substream(ulong.MaxValue - 2 - (ulong)f));
        var (held, other) = (new HeldOutRanks(rows.First, fold, 0, scores), new HeldOutRanks(rows.First, fold, 1, scores));
        var areas = new double[options.Permutations + 1];
        for (var p = 0; p < areas.Length; p++)
            areas[p] = held.Area(p == 0 ? null : stream.Substream((ulong)p));
        var area = 0.5 * (areas[0] + other.Area(null));
        var accuracy = 0.5 * (held.Accuracy + other.Accuracy);

        // Errors of one fold: those of the mean are smaller, by an unknown correlation of the folds.
        double n = held.First;
        double m = held.Second;
        return new ClassifierResult(
            PermutationP(areas, 1e-12), rows.First, rows.Second, $"2 folds, {options.Permutations} permutations of the first", area,
            (area - 0.5) / Math.Sqrt((n + m + 1) / (12 * n * m)), accuracy, (accuracy - 0.5) / Math.Sqrt((1 / (16 * n)) + (1 / (16 * m))), scores);
    }

    // Half of each sample in each fold, at random.
    private static byte[] Folds(PooledRows rows, RandomStream stream)
    {
        var fold = new byte[rows.Count];
        for (var i = 0; i < fold.Length; i++)
            fold[i] = (byte)(i % 2);
        stream.Substream(0).Shuffle<byte>(fold.AsSpan(0, rows.First));
        stream.Substream(1).Shuffle<byte>(fold.AsSpan(rows.First));
        return fold;
    }

    private static void Score(
        PooledRows rows, byte[] fold, int held, float[] scores, TwoSampleOptions options, TrainingOptions training, RandomStream initialization)
    {
        var features = rows.Columns.Length;
        var own = Rows(rows, fold, 1 - held, out var labels, out _);
        var firstRows = labels.Count(label => label > 0);
        var weights = Array.ConvertAll(labels, label => label > 0 ? 0.5f * labels.Length / firstRows : 0.5f * labels.Length / (labels.Length - firstRows));
        var network = new Mlp<float>([features, HiddenUnits, HiddenUnits, 1], UnaryFunction.Silu, "classifier", initialization);
        using var model = new ClassifierModel<float>(network, options.Device ?? Device.Cpu);
        model.Fit(new ArrayData<float>(own, features, labels, 1, weights: weights), training);

        // f = ln σ(f) − ln σ(−f), without cancellation at either end.
        var test = Rows(rows, fold, held, out _, out var places);
        var (up, down) = (new float[places.Length], new float[places.Length]);
        model.LogDensity(test, new float[] { 1 }, up);
        model.LogDensity(test, new float[] { -1 }, down);
        for (var i = 0; i < places.Length; i++)
            scores[places[i]] = up[i] - down[i];
    }

    private static float[] Rows(PooledRows rows, byte[] fold, int wanted, out float[] labels, out int[] places)
    {
        var list = new List<int>();
        for (var i = 0; i < fold.Length; i++)
        {
            if (fold[i] == wanted)
                list.Add(i);
        }

        places = [.. list];
        labels = Array.ConvertAll(places, place => place < rows.First ? 1f : -1f);
        var features = rows.Columns.Length;
        var values = new float[places.Length * features];
        for (var i = 0; i < places.Length; i++)
        {
            for (var k = 0; k < features; k++)
                values[(i * features) + k] = rows.Columns[k][places[i]];
        }

        return values;
    }
}
