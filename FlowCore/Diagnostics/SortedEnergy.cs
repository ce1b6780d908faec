using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Diagnostics;

/// <summary>The energy distance of one column, exact for any number of rows: sums of distances by sorting, in linear time for each relabelling.</summary>
/// <remarks>Between neighbours of the sorted pool at a distance Δ lie c (n − c) pairs of the first sample, of which c are below: Σ Δ c (n − c) sums them all.</remarks>
internal sealed class SortedEnergy : IParallelWork
{
    private readonly double[] _gaps;
    private readonly byte[] _labels;
    private readonly byte[][] _scratch;
    private readonly RandomStream _stream;
    private readonly int _first;

    public SortedEnergy(PooledRows rows, int permutations, int workers, RandomStream stream)
    {
        _first = rows.First;
        _stream = stream;
        Sums = new double[permutations + 1];
        var keys = (float[])rows.Columns[0].Clone();
        _labels = new byte[keys.Length];
        _labels.AsSpan(0, _first).Fill(1);
        Array.Sort(keys, _labels);
        _gaps = new double[keys.Length - 1];
        for (var i = 0; i < _gaps.Length; i++)
            _gaps[i] = (double)keys[i + 1] - keys[i];
        _scratch = new byte[workers][];
        for (var w = 0; w < workers; w++)
            _scratch[w] = new byte[keys.Length];
    }

    /// <summary>The distance for the true labels and each relabelling.</summary>
    public double[] Sums { get; }

    /// <summary>Twice the mean distance between the samples, for the true labels.</summary>
    public double Across { get; private set; }

    void IParallelWork.Run(int item, int worker)
    {
        var labels = _scratch[worker];
        _labels.CopyTo(labels, 0);
        if (item > 0)
            _stream.Substream((ulong)item).Shuffle<byte>(labels);
        double n = _first;
        var m = labels.Length - n;
        var (within, other, across, below, belowOther) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var k = 0; k < _gaps.Length; k++)
        {
            below += labels[k];
            belowOther += 1 - labels[k];
            within += _gaps[k] * below * (n - below);
            other += _gaps[k] * belowOther * (m - belowOther);
            across += _gaps[k] * ((below * (m - belowOther)) + (belowOther * (n - below)));
        }

        if (item == 0)
            Across = 2 * across / (n * m);
        Sums[item] = (2 * across / (n * m)) - (2 * within / (n * (n - 1))) - (2 * other / (m * (m - 1)));
    }
}
