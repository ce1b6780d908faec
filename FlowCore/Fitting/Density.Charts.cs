using System.Globalization;
using System.Numerics;
using FlowCore.Numerics;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <content>Features brought inside their supports, and the chart of each.</content>
public static partial class Density
{
    // In the chart's coordinates the farthest of a million normal numbers is 5 out. A network whose inputs are a million learns nothing.
    private const double FarOut = 12;
    private const double TooFarOut = 1e6;

    // The chart of every feature, read off rows that are brought inside their supports on the way.
    private static FeatureChart[] DesignCharts<T>(T[] x, double[] rowWeights, DataSurvey survey, DensityFitOptions options, FitReport report, string name, TurnCount[]? turns = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = survey.Columns.Count;
        var charts = new FeatureChart[features];
        var noise = new RandomStream(options.Seed).Substream(NoiseSubstream);
        for (var j = 0; j < features; j++)
        {
            var support = options.Supports?[j] ?? Support.Real;
            var values = new double[x.Length / features];
            for (var i = 0; i < values.Length; i++)
                values[i] = double.CreateTruncating(x[(i * features) + j]);
            var column = survey.Columns[j];
            if (column.IsConstant)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"Expected features that vary, got {column.Mean:g6} in every row of {report.NameOf(j)}: it has no density. Leave it out."), name);
            }

            if (support.Kind == SupportKind.Real)
            {
                report.Suggest(SupportSuggestion.Of(column, LargestInteger<T>()), j);
                report.WarnOfRepetition(column, j);
            }

            if (support.Kind == SupportKind.Circle)
                report.SayTurns(turns?[j] ?? TurnCount.Of(values, support), support, j);
            BringInside(values, support, report.NameOf(j), LargestInteger<T>(), noise.Substream((ulong)j), name);
            for (var i = 0; i < values.Length; i++)
                x[(i * features) + j] = Rounded<T>(values[i], support);
            charts[j] = ChartDesign.Of(WithWeight(values, 1, rowWeights), WithWeight([.. rowWeights], 1, rowWeights), support);
            CheckScale<T>(charts[j].Scale, report.NameOf(j), name);
            report.Apply(charts[j], j);
        }

        return charts;
    }

    // A deviation whose inverse is no number, or that has lost digits itself; of none at all the chart says more.
    private static void CheckScale<T>(double scale, string what, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rounded = T.CreateTruncating(scale);
        if (scale > 0 && (!T.IsNormal(rounded) || !T.IsFinite(T.One / rounded)))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Expected a scale that numbers of {(typeof(T) == typeof(double) ? "double" : "single")} precision hold in {what}, got a deviation of {scale:g6}: give it in other units."), name);
        }
    }

    private static void CheckScales<T>(LocationScale conditions, FitReport report, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var j = 0; j < conditions.Scale.Count; j++)
            CheckScale<T>(conditions.Scale[j], report.NameOfContext(j), name);
    }

    // What is far out although heavy tails have been taken in is more likely a mistake than a tail.
    // The numbers are those by which the caller knows the rows; null for their places.
    private static void CheckReach<T>(T[] x, T[] z, int features, T[] weights, long[]? numbers, FitReport report, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var j = 0; j < features; j++)
        {
            var (farthest, reach) = (0, 0.0);
            for (var i = 0; i < z.Length / features; i++)
            {
                var distance = Math.Abs(double.CreateTruncating(z[(i * features) + j]));
                if ((weights.Length == 0 || weights[i] > T.Zero) && !(distance <= reach))
                    (farthest, reach) = (i, double.IsNaN(distance) ? double.PositiveInfinity : distance);
            }

            var value = double.CreateTruncating(x[(farthest * features) + j]);
            var row = numbers?[farthest] ?? farthest;
            if (reach > TooFarOut)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Expected numbers of one scale in {report.NameOf(j)}, got {value:g6} in row {row}, more than {TooFarOut:g1} deviations from the others. Leave such rows out, or say the feature's support."),
                    name);
            }

            if (reach > FarOut)
                report.WarnOfOutlier(value, row, j, reach);
        }
    }

    /// <summary>Up to here the numbers between n and n + 1 are at least sixteen.</summary>
    internal static double LargestInteger<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(double) ? 1L << 48 : 1 << 19;

    /// <summary>Brings the values of a feature into its support: angles are wrapped into the turn, whole numbers dequantised; other numbers outside are refused.</summary>
    internal static void BringInside(double[] values, Support support, string feature, double largestInteger, RandomStream noise, string name)
    {
        var uniform = support.Kind == SupportKind.Integers ? new double[values.Length] : [];
        noise.FillUniform<double>(uniform);
        for (var i = 0; i < values.Length; i++)
        {
            var isInside = true;
            switch (support.Kind)
            {
                case SupportKind.Positive:
                    isInside = values[i] > support.Lower;
                    break;
                case SupportKind.Interval:
                    isInside = values[i] >= support.Lower && values[i] <= support.Upper;
                    break;
                case SupportKind.Circle:
                    values[i] = InsideData<double>.Wrapped(values[i], support);
                    break;
                case SupportKind.Integers:
                    isInside = Math.Floor(values[i]) == values[i];
                    if (isInside && Math.Abs(values[i]) > largestInteger)
                    {
                        throw new ArgumentException(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"Expected whole numbers of at most {largestInteger:r} in {feature}, got {values[i]:r} in row {i}: between larger ones there is no room to spread them. Say Support.Real."),
                            name);
                    }

                    values[i] += uniform[i];
                    break;
                default:
                    break;
            }

            if (!isInside)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected {feature} within its {support}, got {values[i]:r} in row {i}."), name);
        }
    }

    /// <summary>The number in its type: what is inside in double is inside in float.</summary>
    internal static T Rounded<T>(double value, Support support)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rounded = T.CreateTruncating(value);
        return support.Kind is SupportKind.Interval or SupportKind.Circle
            ? T.Clamp(rounded, T.CreateTruncating(support.Lower), T.CreateTruncating(support.Upper))
            : rounded;
    }
}
