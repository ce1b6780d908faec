using System.Globalization;
using System.Numerics;
using FlowCore.Numerics;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <summary>What one pass over the rows of a source keeps: a sample, the rows that reach farthest, the scale of the context. Refuses rows that no density can have.</summary>
internal sealed class StreamedRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockRows = 4096;
    private const int MostRows = 1 << 17;

    // Of features a sample holds this many numbers at the most, but never fewer than a few thousand rows.
    private const int MostNumbers = 1 << 24;
    private const int FewestRows = 1 << 13;

    private readonly int _features;
    private readonly int _contextFeatures;
    private readonly IReadOnlyList<Support> _supports;
    private readonly double _largestInteger;
    private readonly RandomStream _stream;
    private readonly int _capacity;
    private T[] _sample = [];
    private T[] _weights = [];

    // The rows with the least and with the greatest value of each feature: the first of several.
    private readonly T[] _farthest;
    private readonly long[] _numbers;
    private readonly double[] _mean;
    private readonly double[] _squares;
    private readonly double[] _least;
    private readonly double[] _greatest;
    private double _total;

    public StreamedRows(int features, int contextFeatures, IReadOnlyList<Support> supports, double largestInteger, RandomStream stream)
    {
        _features = features;
        _contextFeatures = contextFeatures;
        _supports = supports;
        _largestInteger = largestInteger;
        _stream = stream;
        _capacity = Math.Clamp(MostNumbers / features, FewestRows, MostRows);
        _farthest = new T[2 * features * features];
        _numbers = new long[2 * features];
        _mean = new double[contextFeatures];
        _squares = new double[contextFeatures];
        _least = new double[contextFeatures];
        _greatest = new double[contextFeatures];
        Array.Fill(_least, double.PositiveInfinity);
        Array.Fill(_greatest, double.NegativeInfinity);
    }

    /// <summary>The rows of a weight above 0.</summary>
    public long Counting { get; private set; }

    /// <summary>The rows of the sample.</summary>
    public int SampleCount { get; private set; }

    /// <summary>Passes over rows and refuses what is not finite or outside its support; keeps nothing.</summary>
    public void Check(ITrainingData<T> data, string name, CancellationToken cancellationToken) => Pass(data, name, keeps: false, cancellationToken);

    /// <summary>Passes over rows, refuses the same, and keeps what this class is for.</summary>
    public void Read(ITrainingData<T> data, string name, CancellationToken cancellationToken) => Pass(data, name, keeps: true, cancellationToken);

    /// <summary>The sample, and a weight for each row; empty where all are 1. It is the caller's: nothing is kept of it.</summary>
    public (T[] X, T[] Weights) Sample()
    {
        Array.Resize(ref _sample, SampleCount * _features);
        Array.Resize(ref _weights, SampleCount);
        var (sample, weights) = (_sample, _weights);
        (_sample, _weights) = ([], []);
        return (sample, Array.TrueForAll(weights, weight => weight == T.One) ? [] : weights);
    }

    /// <summary>The rows that reach farthest, two for every feature, and their numbers in the source.</summary>
    public T[] Farthest(out long[] numbers)
    {
        numbers = _numbers;
        for (var i = 0; i < _farthest.Length; i++)
        {
            var support = _supports[i % _features];
            if (support.Kind == SupportKind.Circle)
                _farthest[i] = T.CreateTruncating(InsideData<T>.Wrapped(double.CreateTruncating(_farthest[i]), support));
        }

        return _farthest;
    }

    /// <summary>Mean and deviation of the context; null where there is none.</summary>
    public LocationScale? Conditions()
    {
        if (_contextFeatures == 0)
            return null;
        var scale = new double[_contextFeatures];
        var epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        for (var j = 0; j < scale.Length; j++)
        {
            scale[j] = Math.Sqrt(_squares[j] / _total);

            // The roundings of a constant are no scale.
            if (!(scale[j] > 0) || DataMoments.IsConstant(_least[j], _greatest[j], epsilon))
                scale[j] = 1;
        }

        return new LocationScale(_mean, scale);
    }

    private void Pass(ITrainingData<T> data, string name, bool keeps, CancellationToken cancellationToken)
    {
        var (x, context, weights) = (new T[BlockRows * _features], new T[BlockRows * _contextFeatures], new T[BlockRows]);
        var all = data.Rows!.Value;
        if (keeps)
        {
            var most = (int)Math.Min(all, _capacity);
            (_sample, _weights) = (new T[most * _features], new T[most]);
        }

        for (var step = 0; (long)step * BlockRows < all; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = (int)Math.Min(BlockRows, all - ((long)step * BlockRows));
            var request = new BatchRequest(BatchPurpose.Validation, 0, step, BlockRows, 0, rows, _stream);
            Array.Fill(weights, T.One);
            data.Fill(request, x.AsSpan(0, rows * _features), context.AsSpan(0, rows * _contextFeatures), [], weights.AsSpan(0, rows));
            for (var i = 0; i < rows; i++)
            {
                var weight = double.CreateTruncating(weights[i]);
                if (!(weight >= 0) || double.IsInfinity(weight))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected finite weights of at least 0, got {weight} in row {Number(data, request, i)}."), name);
                var features = x.AsSpan(i * _features, _features);
                for (var j = 0; j < _features; j++)
                    CheckValue(double.CreateTruncating(features[j]), j, data, request, i, name);
                var conditions = context.AsSpan(i * _contextFeatures, _contextFeatures);
                for (var j = 0; j < _contextFeatures; j++)
                {
                    if (!T.IsFinite(conditions[j]))
                        throw new ArgumentException($"Expected finite numbers, got {conditions[j]} in row {Number(data, request, i)}, context {j}.", name);
                }

                if (keeps && weight > 0)
                    Keep(features, conditions, weights[i], weight, data, request, i);
            }
        }
    }

    private void CheckValue(double value, int feature, ITrainingData<T> data, in BatchRequest request, int row, string name)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected finite numbers, got {value} in row {Number(data, request, row)}, feature {feature}."), name);
        var support = _supports[feature];
        var isInside = support.Kind switch
        {
            SupportKind.Positive => value > support.Lower,
            SupportKind.Interval => value >= support.Lower && value <= support.Upper,
            SupportKind.Integers => Math.Floor(value) == value && Math.Abs(value) <= _largestInteger,
            _ => true,
        };
        if (!isInside)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected feature {feature} within its {support}, got {value:r} in row {Number(data, request, row)}."), name);
    }

    private static long Number(ITrainingData<T> data, in BatchRequest request, int row) => data.NumberOf(request, row) ?? request.FirstRowOfEpoch + row;

    // Every row has the same chance to be in the sample (Vitter 1985, algorithm R); the moments are those of West (1979).
    private void Keep(ReadOnlySpan<T> x, ReadOnlySpan<T> context, T weight, double factor, ITrainingData<T> data, in BatchRequest request, int row)
    {
        for (var j = 0; j < _features; j++)
        {
            for (var end = 0; end < 2; end++)
            {
                var at = (2 * j) + end;
                var known = _farthest[(at * _features) + j];
                if (Counting > 0 && !(end == 0 ? x[j] < known : x[j] > known))
                    continue;
                x.CopyTo(_farthest.AsSpan(at * _features));
                _numbers[at] = Number(data, request, row);
            }
        }

        _total += factor;
        for (var j = 0; j < _contextFeatures; j++)
        {
            var value = double.CreateTruncating(context[j]);
            var delta = value - _mean[j];
            var shift = delta * factor / _total;
            _mean[j] += shift;
            _squares[j] += (_total - factor) * delta * shift;
            _least[j] = Math.Min(_least[j], value);
            _greatest[j] = Math.Max(_greatest[j], value);
        }

        if (SampleCount < _capacity)
        {
            x.CopyTo(_sample.AsSpan(SampleCount * _features));
            _weights[SampleCount++] = weight;
        }
        else
        {
            var place = _stream.BelowAt((ulong)Counting + 1, (ulong)Counting);
            if (place < (ulong)_capacity)
            {
                x.CopyTo(_sample.AsSpan((int)place * _features));
                _weights[(int)place] = weight;
            }
        }

        Counting++;
    }
}
