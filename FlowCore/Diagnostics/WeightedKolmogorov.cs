using System.Numerics;

namespace FlowCore.Diagnostics;

/// <summary>The largest difference of two weighted empirical distribution functions.</summary>
internal static class WeightedKolmogorov
{
    /// <summary>A column of rows.</summary>
    public static double[] Column<T>(ReadOnlySpan<T> rows, int features, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new double[rows.Length / features];
        for (var i = 0; i < values.Length; i++)
            values[i] = double.CreateTruncating(rows[(i * features) + column]);
        return values;
    }

    /// <summary>The distance; the values are sorted in place, the weights, which add up to 1, are not touched.</summary>
    public static double Distance(double[] first, double[] firstWeights, double[] second, double[] secondWeights)
    {
        var (u, v) = ((double[])firstWeights.Clone(), (double[])secondWeights.Clone());
        Array.Sort(first, u);
        Array.Sort(second, v);
        var (i, j, distance, difference) = (0, 0, 0.0, 0.0);
        while (i < first.Length && j < second.Length)
        {
            // Equal numbers of both samples form one step.
            var at = Math.Min(first[i], second[j]);
            for (; i < first.Length && first[i] <= at; i++)
                difference += u[i];
            for (; j < second.Length && second[j] <= at; j++)
                difference -= v[j];
            distance = Math.Max(distance, Math.Abs(difference));
        }

        return Math.Min(distance, 1);
    }
}
