using System.Numerics;
using System.Runtime.Intrinsics.X86;
using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Diagnostics;

/// <summary>The largest Kolmogorov-Smirnov distance over random directions, for the true labels and many random ones.</summary>
/// <remarks>
/// An item is a direction: it is sorted once; then each row's labels of one register of relabellings are added to as many counts, and the distances go along.
/// A lane holds one relabelling; counts are integers, so nothing depends on the width of a register.
/// </remarks>
internal sealed unsafe class SlicedDistances : IParallelWork
{
    // Rows of a sorted direction lie anywhere in memory: so many rows ahead their labels are asked for.
    private const int Ahead = 16;

    private readonly PooledRows _rows;
    private readonly float[] _directions;
    private readonly byte[] _labels;
    private readonly int _chunk = Vector<byte>.Count;
    private readonly int _columns;
    private readonly int _permutations;
    private readonly RandomStream _stream;
    private readonly byte[][] _drawn;
    private readonly float[][] _keys;
    private readonly int[][] _orders;
    private readonly float[][] _largest;
    private bool _drawsLabels;

    public SlicedDistances(PooledRows rows, TwoSampleOptions options, int workers, RandomStream stream)
    {
        _rows = rows;
        _columns = (options.Permutations + 1 + _chunk - 1) / _chunk * _chunk;
        _labels = new byte[checked(_columns * rows.Count)];
        _permutations = options.Permutations;
        _stream = stream;
        var features = rows.Columns.Length;

        // One column has one direction.
        Directions = features == 1 ? 1 : options.Directions;
        _directions = new float[Directions * features];
        stream.Substream(0).FillNormal<float>(_directions);
        (_keys, _orders, _drawn) = (new float[workers][], new int[workers][], new byte[workers][]);
        for (var w = 0; w < workers; w++)
            (_keys[w], _orders[w], _drawn[w]) = (new float[rows.Count], new int[rows.Count], new byte[rows.Count]);
        _largest = new float[Directions][];
        for (var d = 0; d < Directions; d++)
            _largest[d] = new float[_columns];
    }

    /// <summary>How many directions there are.</summary>
    public int Directions { get; }

    /// <summary>The direction in which the true labels differ most.</summary>
    public float[] Worst { get; private set; } = [];

    /// <summary>The largest distance over all directions, for the true labels and each relabelling.</summary>
    public double[] Run(Device device)
    {
        _drawsLabels = true;
        device.Run(this, _columns / _chunk);
        _drawsLabels = false;
        device.Run(this, Directions);
        var largest = new double[_permutations + 1];
        var worst = 0;
        for (var d = 0; d < Directions; d++)
        {
            worst = _largest[d][0] > _largest[worst][0] ? d : worst;
            for (var p = 0; p <= _permutations; p++)
                largest[p] = Math.Max(largest[p], _largest[d][p]);
        }

        Worst = _directions.AsSpan(worst * _rows.Columns.Length, _rows.Columns.Length).ToArray();
        return largest;
    }

    void IParallelWork.Run(int item, int worker)
    {
        if (_drawsLabels)
            DrawLabels(item * _chunk, _drawn[worker]);
        else
            Project(item, worker);
    }

    // The labels of one register of relabellings, the true ones first of all.
    private void DrawLabels(int first, byte[] column)
    {
        var labels = _labels.AsSpan(first * _rows.Count, _chunk * _rows.Count);
        for (var p = first; p < Math.Min(first + _chunk, _permutations + 1); p++)
        {
            column.AsSpan(0, _rows.First).Fill(1);
            column.AsSpan(_rows.First).Clear();
            if (p > 0)
                _stream.Substream((ulong)p).Shuffle<byte>(column);
            for (var i = 0; i < column.Length; i++)
                labels[(i * _chunk) + p - first] = column[i];
        }
    }

    private void Project(int item, int worker)
    {
        var (keys, order) = (_keys[worker], _orders[worker]);
        Array.Clear(keys);
        for (var k = 0; k < _rows.Columns.Length; k++)
        {
            var (column, factor) = (_rows.Columns[k], _rows.Columns.Length == 1 ? 1 : _directions[(item * _rows.Columns.Length) + k]);
            for (var i = 0; i < keys.Length; i++)
                keys[i] += factor * column[i];
        }

        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(keys, order);
        for (var c = 0; c < _columns; c += _chunk)
            Sweep(keys, order, _labels.AsSpan(c * _rows.Count, _chunk * _rows.Count), _largest[item].AsSpan(c, _chunk));
    }

    private void Sweep(float[] keys, int[] order, ReadOnlySpan<byte> labels, Span<float> largest)
    {
        // Of k rows c of the first sample: F − G = c (1/n + 1/m) − k/m.
        var scale = new Vector<float>((1f / _rows.First) + (1f / _rows.Second));
        var step = 1.0 / _rows.Second;
        Vector<uint> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector<float> d0 = default, d1 = default, d2 = default, d3 = default;
        fixed (byte* start = labels)
        {
            for (var k = 0; k < order.Length; k++)
            {
                if (Sse.IsSupported && k + Ahead < order.Length)
                    Sse.Prefetch0(start + ((long)order[k + Ahead] * _chunk));
                Vector.Widen(new Vector<byte>(labels[(order[k] * _chunk)..]), out var low, out var high);
                Vector.Widen(low, out var l0, out var l1);
                Vector.Widen(high, out var l2, out var l3);
                c0 += l0;
                c1 += l1;
                c2 += l2;
                c3 += l3;

                // Equal numbers of both samples form one step.
                if (k + 1 < keys.Length && keys[k + 1] == keys[k])
                    continue;
                var share = new Vector<float>((float)((k + 1) * step));
                d0 = Vector.Max(d0, Vector.Abs((Vector.ConvertToSingle(c0.As<uint, int>()) * scale) - share));
                d1 = Vector.Max(d1, Vector.Abs((Vector.ConvertToSingle(c1.As<uint, int>()) * scale) - share));
                d2 = Vector.Max(d2, Vector.Abs((Vector.ConvertToSingle(c2.As<uint, int>()) * scale) - share));
                d3 = Vector.Max(d3, Vector.Abs((Vector.ConvertToSingle(c3.As<uint, int>()) * scale) - share));
            }
        }

        var width = Vector<float>.Count;
        d0.CopyTo(largest);
        d1.CopyTo(largest[width..]);
        d2.CopyTo(largest[(2 * width)..]);
        d3.CopyTo(largest[(3 * width)..]);
    }
}
