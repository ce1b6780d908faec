using FlowCore.Compute;
using FlowCore.Statistics;
using FlowCore.Transforms;

namespace LognormalFields;

/// <summary>One monotone spline for all pixels that begins where their histogram becomes normal: knots at quantiles of fresh fields. Training moves it from there.</summary>
/// <remarks>It is told nothing of logarithms. Knots lie equally far apart in the normal variable; beyond the outermost ones straight lines go on.</remarks>
internal static class PixelSpline
{
    // In deviations: of a million pixels some sixty are beyond.
    private const double Reach = 4;

    /// <summary>Makes the spline, and sends the pixels that it was made from through it, as straight lines between the knots.</summary>
    /// <param name="bins">K, how many bins.</param>
    /// <param name="fields">Rows of pixels; become the normal ones.</param>
    /// <param name="pixels">The pixels of a field.</param>
    public static Elementwise<float> Start(int bins, float[] fields, int pixels)
    {
        var sorted = (float[])fields.Clone();
        Array.Sort(sorted);
        var (knots, values) = (new double[bins + 1], new double[bins + 1]);
        for (var i = 0; i <= bins; i++)
        {
            values[i] = Reach * ((2.0 * i / bins) - 1);
            knots[i] = sorted[(int)Math.Clamp(NormalDistribution.Cdf(values[i]) * sorted.Length, 0, sorted.Length - 1)];
        }

        var settings = new SplineSettings(bins, Reach)
        {
            Parametrization = SplineParametrization.Softmax,
            Ends = SplineEnds.Free,
            Lower = knots[0],
            Upper = knots[^1],
            LowerImage = -Reach,
            UpperImage = Reach,
            MinimumWidth = 1e-5,
        };
        var transform = new Elementwise<float>(new RationalQuadraticSpline<float>(settings), pixels, "pixels", isShared: true);
        var raw = new float[settings.ParametersPerFeature];
        for (var i = 0; i < bins; i++)
            raw[i] = (float)Math.Log(Math.Max((knots[i + 1] - knots[i]) / (knots[^1] - knots[0]), 2e-5));
        for (var i = 0; i <= bins; i++)
        {
            var (a, b) = (Math.Max(i - 1, 0), Math.Min(i + 1, bins));
            var slope = (values[b] - values[a]) / Math.Max(knots[b] - knots[a], 1e-6);
            raw[(2 * bins) + i] = (float)(slope > 20 ? slope : Math.Log(Math.Exp(slope) - 1));
        }

        transform.Parameters[0].Write(raw);
        for (var i = 0; i < fields.Length; i++)
        {
            var bin = Math.Clamp(Array.BinarySearch(knots, fields[i]) is var at && at < 0 ? ~at - 1 : at, 0, bins - 1);
            fields[i] = (float)(values[bin] + ((fields[i] - knots[bin]) / (knots[bin + 1] - knots[bin]) * (values[bin + 1] - values[bin])));
        }

        return transform;
    }
}
