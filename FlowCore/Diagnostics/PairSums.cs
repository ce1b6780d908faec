using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Diagnostics;

/// <summary>The sums of a function of pairs of rows within and across two samples, for the true labels and many random ones at once.</summary>
/// <remarks>
/// <para>
/// With labels a = 1 in the first sample and 0 in the second, and the pairs' values D_ij (none with itself), A = aᵀDa sums the pairs within the first, and
/// aᵀD1 − A those across: so all relabellings are judged by one product of D with a matrix of labels. D is never stored.
/// </para>
/// <para>Each item takes some rows; its sums are added in the order of the items, so the bits do not depend on the number of threads.</para>
/// </remarks>
internal sealed class PairSums : IParallelWork
{
    private const int TaskRows = 32;

    // Rows that share a pass over the labels: their 4 × 2 sums stay in registers.
    private const int Group = 4;

    private readonly int _permutations;
    private readonly int _rows;
    private readonly int _first;
    private readonly int _columns;
    private readonly int _chunk;
    private readonly double _bandwidth;
    private readonly float[] _labels;
    private readonly double[][] _within;
    private readonly double[][] _all;
    private readonly double[] _totals;
    private readonly float[][] _pairs;
    private PooledRows? _points;

    /// <summary>Draws the relabellings.</summary>
    /// <param name="first">Rows of the first sample in a block.</param>
    /// <param name="second">Rows of the second.</param>
    /// <param name="permutations">Random relabellings.</param>
    /// <param name="bandwidth">h of exp(−d²/2h²); 0 for the distance d itself.</param>
    /// <param name="workers">Workers of the device.</param>
    /// <param name="stream">Source of the relabellings.</param>
    public PairSums(int first, int second, int permutations, double bandwidth, int workers, RandomStream stream)
    {
        (_first, _rows, _permutations, _bandwidth) = (first, first + second, permutations, bandwidth);
        _chunk = 2 * Vector<float>.Count;
        _columns = (permutations + 1 + _chunk - 1) / _chunk * _chunk;
        _labels = new float[checked(_columns * _rows)];
        var column = new float[_rows];
        for (var p = 0; p <= permutations; p++)
        {
            column.AsSpan(0, first).Fill(1);
            column.AsSpan(first).Clear();
            if (p > 0)
                stream.Substream((ulong)p).Shuffle<float>(column);
            var start = p / _chunk * _chunk * _rows;
            for (var i = 0; i < _rows; i++)
                _labels[start + (i * _chunk) + (p % _chunk)] = column[i];
        }

        var tasks = (_rows + TaskRows - 1) / TaskRows;
        (_within, _all, _totals) = (new double[tasks][], new double[tasks][], new double[tasks]);
        for (var t = 0; t < tasks; t++)
            (_within[t], _all[t]) = (new double[_columns], new double[_columns]);
        _pairs = new float[workers][];
        for (var w = 0; w < workers; w++)
            _pairs[w] = new float[Group * _rows];
    }

    /// <summary>2 · mean across for the true labels, added up over the calls of <see cref="Add"/>.</summary>
    public double Across { get; private set; }

    /// <summary>Adds 2 · mean across − mean within the first − mean within the second, for the true labels and each relabelling.</summary>
    /// <param name="device">Whose workers compute.</param>
    /// <param name="points">The rows of a block.</param>
    /// <param name="sums">[1 + permutations], added to.</param>
    /// <returns>The mean of all pairs, which is the scale of the rounding.</returns>
    public double Add(Device device, PooledRows points, double[] sums)
    {
        _points = points;
        device.Run(this, _totals.Length);
        var total = TensorPrimitives.Sum<double>(_totals);
        double n = _first;
        double m = _rows - _first;
        for (var p = 0; p <= _permutations; p++)
        {
            var (within, all) = (0.0, 0.0);
            for (var t = 0; t < _totals.Length; t++)
                (within, all) = (within + (2 * _within[t][p]), all + _all[t][p]);
            var across = all - within;
            var other = total - within - (2 * across);
            if (p == 0)
                Across += 2 * across / (n * m);
            sums[p] += (2 * across / (n * m)) - (within / (n * (n - 1))) - (other / (m * (m - 1)));
        }

        return total / _rows / (_rows - 1);
    }

    void IParallelWork.Run(int item, int worker)
    {
        var (within, all) = (_within[item], _all[item]);
        Array.Clear(within);
        Array.Clear(all);
        _totals[item] = 0;
        var pairs = _pairs[worker];
        var end = Math.Min((item + 1) * TaskRows, _rows);
        for (var i = item * TaskRows; i < end; i += Group)
        {
            var count = Math.Min(Group, end - i);
            for (var r = 0; r < Group; r++)
            {
                var row = pairs.AsSpan(r * _rows, _rows);
                row.Clear();
                if (r >= count)
                    continue;
                Fill(i + r, row);
                double sum = TensorPrimitives.Sum<float>(row);
                _totals[item] += sum;
                for (var p = 0; p <= _permutations; p++)
                    all[p] += _labels[LabelIndex(i + r, p)] * sum;

                // From here on pairs with earlier rows alone, each once.
                row[(i + r)..].Clear();
            }

            Multiply(pairs, i, count, within);
        }
    }

    private int LabelIndex(int row, int p) => (p / _chunk * _chunk * _rows) + (row * _chunk) + (p % _chunk);

    private void Fill(int i, Span<float> row)
    {
        foreach (var column in _points!.Columns)
        {
            var x = new Vector<float>(column[i]);
            var j = 0;
            for (; j <= row.Length - Vector<float>.Count; j += Vector<float>.Count)
            {
                var difference = new Vector<float>(column, j) - x;
                (new Vector<float>(row[j..]) + (difference * difference)).CopyTo(row[j..]);
            }

            for (; j < row.Length; j++)
                row[j] += (column[j] - column[i]) * (column[j] - column[i]);
        }

        if (_bandwidth > 0)
        {
            TensorPrimitives.Multiply(row, (float)(-0.5 / (_bandwidth * _bandwidth)), row);
            TensorPrimitives.Exp(row, row);
        }
        else
        {
            TensorPrimitives.Sqrt(row, row);
        }

        row[i] = 0;
    }

    // within[p] += Σ_r a_rp Σ_j d_rj a_jp over the rows before each. A lane holds one relabelling.
    private void Multiply(float[] pairs, int start, int count, double[] within)
    {
        var width = Vector<float>.Count;
        var rows = start + count;
        Span<float> sums = stackalloc float[2 * Group * width];
        for (var c = 0; c < _columns; c += _chunk)
        {
            var labels = _labels.AsSpan(c * _rows, _chunk * _rows);
            Vector<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            for (var j = 0; j < rows; j++)
            {
                var l0 = new Vector<float>(labels[(j * _chunk)..]);
                var l1 = new Vector<float>(labels[((j * _chunk) + width)..]);
                var first = new Vector<float>(pairs[j]);
                var second = new Vector<float>(pairs[_rows + j]);
                var third = new Vector<float>(pairs[(2 * _rows) + j]);
                var fourth = new Vector<float>(pairs[(3 * _rows) + j]);
                a0 = Vector.FusedMultiplyAdd(first, l0, a0);
                a1 = Vector.FusedMultiplyAdd(first, l1, a1);
                b0 = Vector.FusedMultiplyAdd(second, l0, b0);
                b1 = Vector.FusedMultiplyAdd(second, l1, b1);
                c0 = Vector.FusedMultiplyAdd(third, l0, c0);
                c1 = Vector.FusedMultiplyAdd(third, l1, c1);
                d0 = Vector.FusedMultiplyAdd(fourth, l0, d0);
                d1 = Vector.FusedMultiplyAdd(fourth, l1, d1);
            }

            a0.CopyTo(sums);
            a1.CopyTo(sums[width..]);
            b0.CopyTo(sums[(2 * width)..]);
            b1.CopyTo(sums[(3 * width)..]);
            c0.CopyTo(sums[(4 * width)..]);
            c1.CopyTo(sums[(5 * width)..]);
            d0.CopyTo(sums[(6 * width)..]);
            d1.CopyTo(sums[(7 * width)..]);
            for (var r = 0; r < count; r++)
            {
                var own = labels.Slice((start + r) * _chunk, _chunk);
                for (var p = 0; p < _chunk; p++)
                    within[c + p] += own[p] * (double)sums[(r * _chunk) + p];
            }
        }
    }
}
