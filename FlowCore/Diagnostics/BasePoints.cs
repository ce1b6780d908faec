using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;

namespace FlowCore.Diagnostics;

/// <summary>The noise of events, made standard normal.</summary>
/// <remarks>Rows go in chunks, blocks of them side by side.</remarks>
internal sealed class BasePoints<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ChunkRows = 1 << 16;
    private const int BlockRows = 1024;

    private readonly NoiseWhitening<T> _whitening;
    private readonly double[] _points;
    private readonly T[] _noise;
    private readonly T[] _logDet;
    private readonly double[][] _scratch;
    private int _start;
    private int _rows;

    private BasePoints(NoiseWhitening<T> whitening, int events, int workers)
    {
        _whitening = whitening;
        _points = new double[checked(events * whitening.Features)];
        _noise = new T[Math.Min(events, ChunkRows) * whitening.Columns];
        _logDet = new T[Math.Min(events, ChunkRows)];
        _scratch = new double[workers][];
        for (var w = 0; w < workers; w++)
            _scratch[w] = new double[whitening.ScratchLength];
    }

    /// <summary>Computes them.</summary>
    /// <returns>Row-major [n, noise features].</returns>
    public static double[] Of(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions)
    {
        var events = y.Length / model.Features;
        var whitening = NoiseWhitening<T>.Of(model.BaseDistribution);
        var map = whitening.Encoder is { } encoder ? new EncodedNoise<T>(model, encoder) : null;
        var result = new BasePoints<T>(whitening, events, model.Device.Workers);
        for (result._start = 0; result._start < events; result._start += ChunkRows)
        {
            result._rows = Math.Min(ChunkRows, events - result._start);
            var rows = y.Slice(result._start * model.Features, result._rows * model.Features);
            var own = EventRows.Slice(model, conditions, result._start, result._rows, events);
            var noise = result._noise.AsSpan(0, result._rows * whitening.Columns);
            var logDet = result._logDet.AsSpan(0, result._rows);
            if (map is null)
                model.ToNoise(rows, own, noise, logDet);
            else
                model.RunMap(map, result._rows, rows, own, noise, logDet);
            model.Device.Run(result, (result._rows + BlockRows - 1) / BlockRows);
        }

        return result._points;
    }

    void IParallelWork.Run(int item, int worker)
    {
        var (columns, features) = (_whitening.Columns, _whitening.Features);
        var end = Math.Min((item + 1) * BlockRows, _rows);
        for (var row = item * BlockRows; row < end; row++)
        {
            var white = _points.AsSpan((_start + row) * features, features);
            if (T.IsNegativeInfinity(_logDet[row]))
            {
                // An event outside the model's support lies in no region.
                white.Fill(double.PositiveInfinity);
                continue;
            }

            _whitening.Apply(_noise.AsSpan(row * columns, columns), white, _scratch[worker]);
            foreach (var w in white)
            {
                if (double.IsNaN(w))
                    throw new ArithmeticException($"Expected noise that is a number, got NaN for event {_start + row}.");
            }
        }
    }
}
