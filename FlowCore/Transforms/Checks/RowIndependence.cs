using System.Numerics;

namespace FlowCore.Transforms;

/// <summary>A row alone, in blocks cut elsewhere, in reverse order and between rows of NaN has the same bits.</summary>
internal static class RowIndependence
{
    public static LawResult Check<T>(TransformEvaluation<T> evaluation, string law, bool inverse, T[] x, T[] conditions, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pairs = new List<(string, T[], T[])>();
        var (expected, expectedLogDet) = evaluation.Apply(inverse, x, conditions);
        var all = Enumerable.Range(0, rows).ToArray();
        var even = all.Where(row => row % 2 == 0).ToArray();
        var cut = rows / 3;
        Compare("rows in reverse order", [.. all.Reverse()], all, x);
        Compare("the first part of the block", all[..cut], all[..cut], x);
        Compare("the rest of the block", all[cut..], all[..(rows - cut)], x);
        foreach (var row in (int[])[0, cut, rows - 1])
            Compare($"row {row} alone", [row], [0], x);

        var columns = x.Length / rows;
        var spoilt = x.ToArray();
        for (var row = 1; row < rows; row += 2)
            spoilt.AsSpan(row * columns, columns).Fill(T.NaN);
        Compare("even rows between rows of NaN", all, even, spoilt);
        return WorstDeviation.Bits(law, pairs);

        // Evaluates some rows, and compares those of them that count.
        void Compare(string what, int[] evaluated, int[] counted, T[] from)
        {
            var (found, foundLogDet) = evaluation.Apply(inverse, Pick(from, evaluated, rows), Pick(conditions, evaluated, rows));
            var sources = Array.ConvertAll(counted, place => evaluated[place]);
            pairs.Add(($"the values, {what}", Pick(expected, sources, rows), Pick(found, counted, evaluated.Length)));
            pairs.Add(($"ℓ, {what}", Pick(expectedLogDet, sources, rows), Pick(foundLogDet, counted, evaluated.Length)));
        }
    }

    private static T[] Pick<T>(T[] values, int[] rows, int count)
    {
        var columns = values.Length / count;
        var picked = new T[rows.Length * columns];
        for (var i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * columns, columns).CopyTo(picked.AsSpan(i * columns));
        return picked;
    }
}
