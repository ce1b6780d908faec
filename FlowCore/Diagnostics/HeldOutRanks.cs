using FlowCore.Random;

namespace FlowCore.Diagnostics;

/// <summary>The scores of rows that a classifier has not seen, by their ranks: the area under the curve is a sum of the first sample's ranks (Mann and Whitney).</summary>
internal sealed class HeldOutRanks
{
    private readonly double[] _ranks;
    private readonly byte[] _labels;

    public HeldOutRanks(int firstRows, byte[] fold, int held, float[] scores)
    {
        var own = new List<float>();
        var labels = new List<byte>();
        var (right, otherRight) = (0, 0);
        for (var i = 0; i < fold.Length; i++)
        {
            if (fold[i] != held)
                continue;
            var isFirst = i < firstRows;
            own.Add(scores[i]);
            labels.Add(isFirst ? (byte)1 : (byte)0);
            First += isFirst ? 1 : 0;
            right += isFirst && scores[i] > 0 ? 1 : 0;
            otherRight += !isFirst && scores[i] <= 0 ? 1 : 0;
        }

        Second = own.Count - First;
        Accuracy = 0.5 * (((double)right / First) + ((double)otherRight / Second));
        var keys = own.ToArray();
        _labels = [.. labels];
        Array.Sort(keys, _labels);
        _ranks = new double[keys.Length];

        // Equal scores share their mean rank.
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
                end++;
            _ranks.AsSpan(start, end - start).Fill(0.5 * (start + end + 1));
            start = end;
        }
    }

    /// <summary>Rows of the first sample.</summary>
    public int First { get; }

    /// <summary>Rows of the second.</summary>
    public int Second { get; }

    /// <summary>The mean share of both samples that is told rightly.</summary>
    public double Accuracy { get; }

    /// <summary>The area under the curve, of the true labels or of random ones.</summary>
    public double Area(RandomStream? relabelling)
    {
        var labels = _labels;
        if (relabelling is { } stream)
        {
            labels = (byte[])_labels.Clone();
            stream.Shuffle<byte>(labels);
        }

        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
            sum += labels[i] * _ranks[i];
        double n = First;
        return (sum - (n * (n + 1) / 2)) / (n * Second);
    }
}
