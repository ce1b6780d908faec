using System.Globalization;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.IO;
using FlowCore.Statistics;

namespace FlowCore.Training;

/// <summary>
/// The file of a run: safetensors with weights, moments, the best epoch's weights (each parameter in its canonical
/// order), the state of the run and its history; the metadata holds the configuration and a hash of the tensors.
/// </summary>
internal static class TrainerCheckpoint
{
    private const string Format = "flowcore.training-checkpoint";
    private const string Version = "1";
    private const string FormatKey = "format";
    private const string VersionKey = "version";
    private const string HashKey = "content_sha256";
    private const string RunPrefix = "run.";
    private const string IdentityKey = "run_id";
    private const string EpochsKey = "epochs";
    private const string Weights = "weights/";
    private const string FirstMoment = "first_moment/";
    private const string SecondMoment = "second_moment/";
    private const string Best = "best_weights/";
    private const string Average = "average_weights/";
    private const string Followed = "followed/";
    private const string BestFollowed = "best_followed/";
    private const string Outside = "state/outside";
    private const string OutsideHistory = "history/outside";
    private const string Integers = "state/integers";
    private const string Numbers = "state/numbers";
    private const string Schedule = "state/schedule";
    private const string EpochHistory = "history/epochs";
    private const string StepHistory = "history/steps";
    private const string MetricHistory = "history/metrics";
    private const int MetricColumns = 6;
    private const int IntegerCount = 8;
    private const int NumberCount = 9;
    private const int EpochColumns = 8;
    private const int StepColumns = 5;

    /// <summary>Writes the file, or leaves the one that was there as it was.</summary>
    public static void Write<T>(
        string path, ParameterStore<T> store, IReadOnlyList<Parameter<T>> followed, CheckpointBuffers<T> buffers, RunState state, TrainingHistory history, IReadOnlyList<KeyValuePair<string, string>> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensors = new List<TensorData>();
        foreach (var parameter in store.Parameters)
        {
            tensors.Add(ToTensor(Weights, parameter, buffers.Weights));
            tensors.Add(ToTensor(FirstMoment, parameter, buffers.FirstMoment));
            tensors.Add(ToTensor(SecondMoment, parameter, buffers.SecondMoment));
            if (buffers.Best is { } best)
                tensors.Add(ToTensor(Best, parameter, best));
            if (buffers.Average is { } average)
                tensors.Add(ToTensor(Average, parameter, average));
        }

        for (var i = 0; i < followed.Count; i++)
        {
            tensors.Add(TensorData.Create<T>(Followed + followed[i].Name, ShapeOf(followed[i]), buffers.Followed[i]));
            if (buffers.BestFollowed.Length > 0)
                tensors.Add(TensorData.Create<T>(BestFollowed + followed[i].Name, ShapeOf(followed[i]), buffers.BestFollowed[i]));
        }

        // Most runs have no rows outside, and files that say nothing of them.
        var outside = history.Epochs.SelectMany(epoch => new[] { epoch.OutsideRows, epoch.ValidationOutsideRows }).ToArray();
        if (state.OutsideSum != 0 || state.ValidationOutside != 0 || outside.Any(rows => rows != 0))
        {
            tensors.Add(TensorData.Create<long>(Outside, [2], [state.OutsideSum, state.ValidationOutside]));
            tensors.Add(TensorData.Create<long>(OutsideHistory, [history.Epochs.Count, 2], outside));
        }

        // Nor metrics.
        if (history.Metrics.Count > 0)
        {
            var metrics = new double[history.Metrics.Count * MetricColumns];
            for (var i = 0; i < history.Metrics.Count; i++)
            {
                var m = history.Metrics[i];
                ReadOnlySpan<double> row = [m.Epoch, m.Step, (int)m.Metric, m.Result.Value, m.Result.PerfectMean, m.Result.PerfectDeviation];
                row.CopyTo(metrics.AsSpan(i * MetricColumns));
            }

            tensors.Add(TensorData.Create<double>(MetricHistory, [history.Metrics.Count, MetricColumns], metrics));
        }

        tensors.Add(TensorData.Create<long>(
            Integers,
            [IntegerCount],
            [state.Epoch, state.StepOfEpoch, state.Step, state.Updates, state.Stopped ? 1 : 0, state.RowSum, state.BestEpoch, state.BadEpochs]));
        tensors.Add(TensorData.Create<double>(
            Numbers,
            [NumberCount],
            [state.LossSum, state.WeightSum, state.NormSum, state.Seconds, state.LearningRate, state.BestLoss, state.ValidationLoss, state.StoppingLoss, state.Probe]));
        tensors.Add(TensorData.Create<double>(Schedule, [state.Schedule.Length], state.Schedule));

        var epochs = new double[history.Epochs.Count * EpochColumns];
        for (var i = 0; i < history.Epochs.Count; i++)
        {
            var e = history.Epochs[i];
            ReadOnlySpan<double> row =
                [e.Epoch, e.Step, e.TrainLoss, e.ValidationLoss, e.LearningRate, e.GradientNorm, e.Seconds, e.RowsPerSecond];
            row.CopyTo(epochs.AsSpan(i * EpochColumns));
        }

        tensors.Add(TensorData.Create<double>(EpochHistory, [history.Epochs.Count, EpochColumns], epochs));
        var steps = new double[history.Steps.Count * StepColumns];
        for (var i = 0; i < history.Steps.Count; i++)
        {
            var s = history.Steps[i];
            ReadOnlySpan<double> row = [s.Epoch, s.Step, s.Loss, s.LearningRate, s.GradientNorm];
            row.CopyTo(steps.AsSpan(i * StepColumns));
        }

        tensors.Add(TensorData.Create<double>(StepHistory, [history.Steps.Count, StepColumns], steps));

        var metadata = new List<KeyValuePair<string, string>>
        {
            new(FormatKey, Format),
            new(VersionKey, Version),
            new(HashKey, ContentHash.Compute(new TensorArchive(tensors))),
            new(IdentityKey, state.Identity),
        };
        foreach (var (key, value) in configuration)
            metadata.Add(new(RunPrefix + key, value));
        SafetensorsFile.Write(path, new TensorArchive(tensors, metadata));
    }

    /// <summary>Reads and checks a whole file; nothing of the run is changed before all of it was found right.</summary>
    /// <exception cref="IOException">The file cannot be read, is damaged, or belongs to another model or run.</exception>
    public static (RunState State, TrainingHistory History, CheckpointBuffers<T> Buffers) Read<T>(
        string path, ParameterStore<T> store, IReadOnlyList<Parameter<T>> followed, IReadOnlyList<KeyValuePair<string, string>> configuration, bool lengthMayDiffer, int stepsPerEpoch,
        int scheduleLength)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return ContentBoundary.Read(path, () => Read(path, SafetensorsFile.Read(path), store, followed, configuration, lengthMayDiffer, stepsPerEpoch, scheduleLength));
    }

    private static (RunState State, TrainingHistory History, CheckpointBuffers<T> Buffers) Read<T>(
        string path,
        TensorArchive archive,
        ParameterStore<T> store,
        IReadOnlyList<Parameter<T>> followed,
        IReadOnlyList<KeyValuePair<string, string>> configuration,
        bool lengthMayDiffer,
        int stepsPerEpoch,
        int scheduleLength)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var metadata = archive.Metadata;
        if (!metadata.TryGetValue(FormatKey, out var format) || format != Format)
            throw new ModelFormatException(path, null, "Expected a checkpoint of a training, got another file.");
        if (!metadata.TryGetValue(VersionKey, out var version) || version != Version)
            throw new ModelFormatException(path, null, $"Expected version {Version} of the checkpoint format, got {ModelFormatException.Quote(version ?? "")}.");
        foreach (var (key, value) in configuration)
        {
            if (lengthMayDiffer && key == EpochsKey)
                continue;
            var theirs = metadata.GetValueOrDefault(RunPrefix + key, "");
            if (theirs != value)
                throw new ModelFormatException(path, null, $"The checkpoint belongs to another run: {key} is {ModelFormatException.Quote(theirs)} there and '{value}' here.");
        }

        var best = archive.Contains(Best + store.Parameters[0].NameInStore);
        var hasAverage = archive.Contains(Average + store.Parameters[0].NameInStore);
        var perParameter = 3 + (best ? 1 : 0) + (hasAverage ? 1 : 0);
        var buffers = new CheckpointBuffers<T>(store.Length, best, hasAverage);
        foreach (var parameter in store.Parameters)
        {
            FromTensor(path, archive, Weights, parameter, buffers.Weights);
            FromTensor(path, archive, FirstMoment, parameter, buffers.FirstMoment);
            FromTensor(path, archive, SecondMoment, parameter, buffers.SecondMoment);
            if (buffers.Best is { } bestWeights)
                FromTensor(path, archive, Best, parameter, bestWeights);
            if (buffers.Average is { } average)
                FromTensor(path, archive, Average, parameter, average);
        }

        buffers.Followed = FollowedOf(path, archive, Followed, followed);
        if (best)
            buffers.BestFollowed = FollowedOf(path, archive, BestFollowed, followed);
        var hasOutside = archive.Contains(Outside);
        var hasMetrics = archive.Contains(MetricHistory);
        var others = (hasOutside ? 7 : 5) + (hasMetrics ? 1 : 0);
        var expected = (store.Parameters.Count * perParameter) + (followed.Count * (best ? 2 : 1)) + others;
        if (archive.Count != expected)
            throw new ModelFormatException(path, null, $"The checkpoint belongs to another model: expected {expected} tensors, got {archive.Count}.");

        var i = Take(path, archive, Integers, ElementType.Int64, [IntegerCount]).ToArray<long>();
        var n = Take(path, archive, Numbers, ElementType.Float64, [NumberCount]).ToArray<double>();
        var schedule = Take(path, archive, Schedule, ElementType.Float64, [scheduleLength]).ToArray<double>();
        var epochs = Take(path, archive, EpochHistory, ElementType.Float64, [-1, EpochColumns]).ToArray<double>();
        var steps = Take(path, archive, StepHistory, ElementType.Float64, [-1, StepColumns]).ToArray<double>();
        var metrics = hasMetrics ? Take(path, archive, MetricHistory, ElementType.Float64, [-1, MetricColumns]).ToArray<double>() : [];
        var outside = hasOutside ? Take(path, archive, Outside, ElementType.Int64, [2]).ToArray<long>() : new long[2];
        var outsideRows = hasOutside
            ? Take(path, archive, OutsideHistory, ElementType.Int64, [epochs.Length / EpochColumns, 2]).ToArray<long>()
            : new long[2 * (epochs.Length / EpochColumns)];
        if (!metadata.TryGetValue(HashKey, out var hash) || hash != ContentHash.Compute(archive))
            throw new ModelFormatException(path, null, "The checkpoint is damaged: its content does not have the hash that its header names.");
        if (i[0] < 0 || i[0] > int.MaxValue || i[1] < 0 || i[1] >= stepsPerEpoch || i[2] != (i[0] * stepsPerEpoch) + i[1] || i[3] < 0 || i[3] > i[2]
            || i[6] < -1 || i[6] >= i[0] || i[7] < 0 || i[7] > i[0])
        {
            throw new ModelFormatException(path, Integers, string.Create(CultureInfo.InvariantCulture, $"The numbers contradict each other (epoch {i[0]}, step {i[2]})."));
        }

        var state = new RunState
        {
            // Files of before do not say it.
            Identity = metadata.TryGetValue(IdentityKey, out var identity) ? identity : Guid.NewGuid().ToString("N"),
            Epoch = (int)i[0],
            StepOfEpoch = (int)i[1],
            Step = i[2],
            Updates = i[3],
            Stopped = i[4] != 0,
            RowSum = i[5],
            OutsideSum = outside[0],
            ValidationOutside = outside[1],
            BestEpoch = (int)i[6],
            BadEpochs = (int)i[7],
            LossSum = n[0],
            WeightSum = n[1],
            NormSum = n[2],
            Seconds = n[3],
            LearningRate = n[4],
            BestLoss = n[5],
            ValidationLoss = n[6],
            StoppingLoss = n[7],
            Probe = n[8],
            Schedule = schedule,
        };
        var history = new TrainingHistory();
        for (var at = 0; at < epochs.Length; at += EpochColumns)
        {
            var e = epochs.AsSpan(at, EpochColumns);
            var epoch = at / EpochColumns;
            history.Add(new EpochRecord((int)e[0], (long)e[1], e[2], e[3], e[4], e[5], e[6], e[7])
            {
                OutsideRows = outsideRows[2 * epoch],
                ValidationOutsideRows = outsideRows[(2 * epoch) + 1],
            });
        }

        for (var at = 0; at < steps.Length; at += StepColumns)
        {
            var s = steps.AsSpan(at, StepColumns);
            history.Add(new StepRecord((int)s[0], (long)s[1], s[2], s[3], s[4]));
        }

        for (var at = 0; at < metrics.Length; at += MetricColumns)
        {
            var m = metrics.AsSpan(at, MetricColumns);
            history.Add(new MetricRecord((int)m[0], (long)m[1], (NoiseMetric)(int)m[2], new MetricResult(m[3], m[4], m[5])));
        }

        return (state, history, buffers);
    }

    private static TensorData ToTensor<T>(string prefix, Parameter<T> parameter, ReadOnlySpan<T> buffer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var canonical = new T[parameter.Length];
        for (var row = 0; row < parameter.Rows; row++)
        {
            for (var column = 0; column < parameter.Columns; column++)
                canonical[CanonicalIndex(parameter, row, column)] = buffer[parameter.Offset + (row * parameter.Columns) + column];
        }

        return TensorData.Create<T>(prefix + parameter.NameInStore, ShapeOf(parameter), canonical);
    }

    private static void FromTensor<T>(string path, TensorArchive archive, string prefix, Parameter<T> parameter, Span<T> buffer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var canonical = Take(path, archive, prefix + parameter.NameInStore, ElementTypes.Of<T>(), ShapeOf(parameter)).ToArray<T>();
        for (var row = 0; row < parameter.Rows; row++)
        {
            for (var column = 0; column < parameter.Columns; column++)
                buffer[parameter.Offset + (row * parameter.Columns) + column] = canonical[CanonicalIndex(parameter, row, column)];
        }
    }

    private static T[][] FollowedOf<T>(string path, TensorArchive archive, string prefix, IReadOnlyList<Parameter<T>> followed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var all = new T[followed.Count][];
        for (var i = 0; i < all.Length; i++)
            all[i] = Take(path, archive, prefix + followed[i].Name, ElementTypes.Of<T>(), ShapeOf(followed[i])).ToArray<T>();
        return all;
    }

    private static int CanonicalIndex<T>(Parameter<T> parameter, int row, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var to = parameter.RowOrder is { } rows ? rows[row] : row;
        return (to * parameter.Columns) + (parameter.ColumnOrder is { } columns ? columns[column] : column);
    }

    private static long[] ShapeOf<T>(Parameter<T> parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        parameter.IsVector ? [parameter.Columns] : [parameter.Rows, parameter.Columns];

    // A size of −1 stands for any.
    private static TensorData Take(string path, TensorArchive archive, string name, ElementType type, ReadOnlySpan<long> shape)
    {
        if (!archive.TryGet(name, out var tensor))
            throw new ModelFormatException(path, name, "The tensor is missing: the checkpoint belongs to another model.");
        var fits = tensor.ElementType == type && tensor.Shape.Length == shape.Length;
        for (var i = 0; fits && i < shape.Length; i++)
            fits = shape[i] == -1 || tensor.Shape[i] == shape[i];
        return fits
            ? tensor
            : throw new ModelFormatException(
                path,
                name,
                $"Expected {type} [{string.Join(", ", shape.ToArray())}], got {tensor.ElementType} [{string.Join(", ", tensor.Shape)}]: the checkpoint belongs to another model.");
    }
}
