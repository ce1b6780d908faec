using System.Globalization;
using System.Numerics;

namespace FlowCore.Fitting;

/// <summary>Reads the constants of a <see cref="SupportChart{T}"/> off data, one feature after the other.</summary>
internal static class ChartDesign
{
    // As many of the largest and of the smallest values say how heavy a tail is: few reach far out, many are less of chance.
    private static readonly int[] _tailCounts = [4, 16, 64, 256];

    // The half-width that holds 68.27 % of a normal distribution is its deviation.
    private const double LowerQuantile = 0.15865525393145707;

    // Tails that reach no further beyond a normal one's are left as they are.
    private const double LongestNormalTail = 1.15;
    private const double HeaviestTail = 2;

    // A single row that is a mistake does not decide the width of all others.
    private const double FarthestCounted = 10;
    private const int CircleBins = 48;

    /// <summary>The chart of one feature.</summary>
    /// <param name="values">The values, within the support, dequantised where they are whole numbers; they are sorted.</param>
    /// <param name="weights">A weight for each, which are sorted along; empty for ones.</param>
    /// <param name="support">Where they live.</param>
    /// <returns>The constants.</returns>
    public static FeatureChart Of(double[] values, double[] weights, Support support)
    {
        var cut = support.Kind == SupportKind.Circle ? ThinnestPlace(values, weights, support) : 0;
        for (var i = 0; i < values.Length; i++)
            values[i] = OnLine(values[i], support, cut);
        if (weights.Length == 0)
            Array.Sort(values);
        else
            Array.Sort(values, weights);
        var cumulative = Cumulative(weights, values.Length);
        var location = Quantile(values, cumulative, 0.5);
        var scale = 0.5 * (Quantile(values, cumulative, 1 - LowerQuantile) - Quantile(values, cumulative, LowerQuantile));
        if (!(scale > 0))
            scale = Deviation(values, weights, out location);
        var lower = Tail(values, cumulative, location, scale, isUpper: false);
        var upper = Tail(values, cumulative, location, scale, isUpper: true);
        for (var i = 0; i < values.Length; i++)
        {
            var t = (values[i] - location) / scale;
            values[i] = Math.Clamp(Bent(t, t < 0 ? lower : upper), -FarthestCounted, FarthestCounted);
        }

        var stretch = Deviation(values, weights, out var shift);
        return new FeatureChart(support, cut, location, scale, lower, upper, shift, stretch > 0 ? stretch : 1);
    }

    /// <summary>The weighted deviation, and the mean.</summary>
    public static double Deviation(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, out double mean)
    {
        var (total, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            if (weight == 0)
                continue;
            total += weight;
            var delta = values[i] - first;
            var step = delta * weight / total;
            first += step;
            second += (total - weight) * delta * step;
        }

        mean = first;
        return Math.Sqrt(second / total);
    }

    /// <summary>κ in words.</summary>
    public static string TailText(double kappa) => kappa == 0
        ? "normal"
        : string.Create(CultureInfo.InvariantCulture, $"as Student's t with {1 / kappa:g2} degrees of freedom");

    private static double OnLine(double x, Support support, double cut)
    {
        switch (support.Kind)
        {
            case SupportKind.Positive:
                return Math.Log(x - support.Lower);
            case SupportKind.Interval or SupportKind.Circle:
                var origin = support.Kind == SupportKind.Circle ? cut : support.Lower;
                var w = (x - origin) / (support.Upper - support.Lower);
                if (w < 0)
                    w += 1;
                return Probit(Math.Clamp(w, 6e-8, 1 - 6e-8));
            default:
                return x;
        }
    }

    private static double Probit(double probability) => LaneMath<ScalarLane<double>, double>.Probit(ScalarLane<double>.Create(probability)).Value;

    // z = sign(t) √(ln(1 + κ t²) / κ), as the chart has it.
    private static double Bent(double t, double kappa) => kappa == 0 ? t : Math.CopySign(Math.Sqrt(Math.Log(1 + (kappa * t * t)) / kappa), t);

    // The κ that brings the far quantiles to where a normal distribution of the bulk's width has them; the largest of several counts, so
    // that whatever there is comes near.
    private static double Tail(double[] sorted, double[] cumulative, double location, double scale, bool isUpper)
    {
        var kappa = 0.0;
        foreach (var count in _tailCounts)
        {
            if (20 * count > sorted.Length)
                break;
            var probability = (count - 0.5) / sorted.Length;
            var quantile = Quantile(sorted, cumulative, isUpper ? 1 - probability : probability);
            var t = Math.Abs(quantile - location) / scale;
            var z = -Probit(probability);
            if (t > LongestNormalTail * z)
                kappa = Math.Max(kappa, SolveTail(t, z));
        }

        return Math.Min(kappa, HeaviestTail);
    }

    // ln(1 + κ t²) / κ falls from t² to 0 as κ grows; bisection in ln κ.
    private static double SolveTail(double t, double z)
    {
        var (low, high) = (Math.Log(1e-6), Math.Log(HeaviestTail));
        for (var i = 0; i < 60; i++)
        {
            var middle = 0.5 * (low + high);
            if (Bent(t, Math.Exp(middle)) > z)
                low = middle;
            else
                high = middle;
        }

        return Math.Exp(0.5 * (low + high));
    }

    private static double ThinnestPlace(double[] values, double[] weights, Support support)
    {
        var bins = new double[CircleBins];
        var width = support.Upper - support.Lower;
        for (var i = 0; i < values.Length; i++)
            bins[Math.Min((int)((values[i] - support.Lower) / width * CircleBins), CircleBins - 1)] += weights.Length == 0 ? 1 : weights[i];
        var (best, least) = (0, double.PositiveInfinity);
        for (var i = 0; i < CircleBins; i++)
        {
            // The place between two bins, smoothed over two on either side.
            var around = bins[(i + CircleBins - 2) % CircleBins] + (2 * bins[(i + CircleBins - 1) % CircleBins]) + (2 * bins[i]) + bins[(i + 1) % CircleBins];
            if (around < least)
                (best, least) = (i, around);
        }

        return support.Lower + (width * best / CircleBins);
    }

    private static double[] Cumulative(double[] weights, int count)
    {
        if (weights.Length == 0)
            return [];
        var cumulative = new double[count];
        var total = 0.0;
        for (var i = 0; i < count; i++)
        {
            cumulative[i] = total + (0.5 * weights[i]);
            total += weights[i];
        }

        for (var i = 0; i < count; i++)
            cumulative[i] /= total;
        return cumulative;
    }

    // Each value stands in the middle of its weight.
    private static double Quantile(double[] sorted, double[] cumulative, double probability)
    {
        if (cumulative.Length == 0)
        {
            var place = Math.Clamp((probability * sorted.Length) - 0.5, 0, sorted.Length - 1);
            var before = (int)place;
            var after = Math.Min(before + 1, sorted.Length - 1);
            return sorted[before] + ((place - before) * (sorted[after] - sorted[before]));
        }

        var index = Array.BinarySearch(cumulative, probability);
        index = index < 0 ? ~index : index;
        if (index == 0 || index == sorted.Length)
            return sorted[Math.Min(index, sorted.Length - 1)];
        var step = cumulative[index] - cumulative[index - 1];
        var part = step > 0 ? (probability - cumulative[index - 1]) / step : 0;
        return sorted[index - 1] + (part * (sorted[index] - sorted[index - 1]));
    }
}
