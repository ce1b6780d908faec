using System.Globalization;
using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Manifolds;
using FlowCore.Transforms;

namespace FlowCore.Training;

/// <summary>What is to be said about data before a model is fitted to it. Everything is judged by what it does to the fit.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal static class DataWarnings<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Networks are drawn for inputs of order one.
    private const double LargestMean = 3;
    private const double LargestDeviation = 5;
    private const double SmallestDeviation = 0.05;

    // Beyond its bound a spline is the identity: of a row at u it makes ½ (u² − B²) nats more than at the bound.
    private const double BeyondShare = 0.01;
    private const double BeyondCost = 0.05;

    // q95 − q5 of a standardised normal distribution is 3.29; below this the middle nine tenths lie within one bin of a spline.
    private const double SmallestBulk = 0.7;

    // A density that is pulled up at one value to please these many rows is none that anybody wants.
    private const double CommonShare = 0.02;
    private const int CommonRows = 10;

    /// <summary>The warnings.</summary>
    /// <param name="model">The model that is to be fitted.</param>
    /// <param name="data">All rows.</param>
    /// <param name="trainingRows">How many of them are trained on.</param>
    /// <param name="hasValidation">Whether others are held out.</param>
    public static List<TrainingWarning> About(DensityModel<T> model, ArrayData<T> data, long trainingRows, bool hasValidation)
    {
        var warnings = new List<TrainingWarning>();
        var survey = data.Survey();
        var entrance = ModelEntrance<T>.Of(model);
        for (var j = 0; j < survey.Columns.Count; j++)
        {
            var column = survey.Columns[j];
            if (column.IsConstant)
            {
                warnings.Add(new(TrainingWarningKind.ConstantFeature, Text($"Feature {j} is {column.Mean:g6} in all rows: its density has no maximum, and the loss falls without limit. Leave the feature out."), j));
                continue;
            }

            if ((OutlierIn(column, entrance, j) ?? Beyond(data, column, entrance, j) ?? Scale(column, entrance, j)) is { } warning)
                warnings.Add(warning);
            if (column.CommonestCount >= CommonRows && column.CommonestCount >= CommonShare * column.Count)
            {
                var whole = column.IsInteger ? "whole numbers alone" : Text($"the value {column.CommonestValue:g6}");
                warnings.Add(new(
                    TrainingWarningKind.RepeatedValues,
                    Text($"Feature {j} has {whole}, one of which {Percent(column.CommonestCount, column.Count)} of the rows share ({column.DistinctValues} different values): a density grows there without limit. Model the discrete part apart, or add noise as wide as the steps."),
                    j));
            }
        }

        if (model is not (Flow<T> { Transform: Embedded<T> { Embedding.ScalesItsInputs: true } } or ConditionalPdf<T> { Encoder.ScalesItsInputs: true } or Pdf<T> { Options.ConditionScale: not null }) && data.SurveyContext() is { } contexts)
            About(contexts, warnings);
        var parameters = model.Parameters.Parameters.Where(parameter => parameter.Trainable).Sum(parameter => (long)parameter.Length);
        if (!hasValidation && parameters > trainingRows)
        {
            warnings.Add(new(
                TrainingWarningKind.FewRows,
                Text($"The model has {parameters} parameters, the data {trainingRows} rows, and none are held out: nothing will show when it learns them by heart. Hold out a share of the rows, or take a smaller model.")));
        }

        return warnings;
    }

    private static void About(DataSurvey contexts, List<TrainingWarning> warnings)
    {
        for (var j = 0; j < contexts.Columns.Count; j++)
        {
            var column = contexts.Columns[j];
            if (IsOfOrderOne(column.Mean, column.IsConstant ? 1 : column.Deviation))
                continue;
            warnings.Add(new(
                TrainingWarningKind.ContextScale,
                Text($"Column {j} of the context has mean {column.Mean:g4} and standard deviation {column.Deviation:g4}; the networks read it as it is and expect numbers of order one. Standardise it."),
                j));
        }
    }

    private static TrainingWarning? OutlierIn(ColumnSurvey column, ModelEntrance<T> entrance, int j)
    {
        var bulk = column.Quantile(0.95) - column.Quantile(0.05);
        var scale = entrance.IsStandardized ? entrance.ScaleOf(j, column) : column.Deviation;
        if (bulk == 0 || bulk >= SmallestBulk * scale)
            return null;
        var median = column.Quantile(0.5);
        var (value, row) = column.Maximum - median > median - column.Minimum ? (column.Maximum, column.MaximumRow) : (column.Minimum, column.MinimumRow);

        // Without an outlier it is the model's own scale that is too large.
        if (Math.Abs(value - median) < 10 * bulk)
            return null;
        return new(
            TrainingWarningKind.Outlier,
            Text($"Feature {j}: row {row} has {value:g4}, while nine tenths of the rows lie within {column.Quantile(0.05):g4} and {column.Quantile(0.95):g4}: standardised by mean and deviation they are crushed to a width of {bulk / scale:g2}. Take the row out, or transform the feature (asinh, logarithm)."),
            j,
            row);
    }

    private static TrainingWarning? Beyond(ArrayData<T> data, ColumnSurvey column, ModelEntrance<T> entrance, int j)
    {
        if (entrance.Bound is not { } bound)
            return null;
        var (location, scale) = (entrance.LocationOf(j, column), entrance.ScaleOf(j, column));
        long raw = 0, met = 0, standardized = 0, rows = 0;
        double cost = 0, costStandardized = 0;
        for (var i = 0; i < data.Count; i++)
        {
            if (!data.Counts(i))
                continue;
            rows++;
            var value = data.Value(i, j);
            raw += Math.Abs(value) > bound ? 1 : 0;
            Add((value - location) / scale, ref met, ref cost);
            Add((value - column.Mean) / column.Deviation, ref standardized, ref costStandardized);
        }

        if (met < BeyondShare * rows && cost < BeyondCost * rows)
            return null;
        var found = Text($"{Percent(met, rows)} of the rows lie beyond the splines' bound of {bound:g4}, where the flow is the identity and learns nothing");
        var helps = standardized < BeyondShare * rows && costStandardized < BeyondCost * rows;
        return new(
            TrainingWarningKind.BeyondBound,
            entrance.IsStandardized
                ? Text($"Feature {j}: standardised, {found} (as they are: {Percent(raw, rows)}). Transform the feature (asinh, logarithm), or raise the bound.")
                : Text($"Feature {j}: {found}; standardised it would be {Percent(standardized, rows)}. {(helps ? "Standardise it, or give the flow a standardization." : "Its tails are long: standardise and transform it (asinh, logarithm), or raise the bound.")}"),
            j);

        void Add(double u, ref long count, ref double sum)
        {
            if (Math.Abs(u) <= bound)
                return;
            count++;
            sum += 0.5 * ((u * u) - (bound * bound));
        }
    }

    private static TrainingWarning? Scale(ColumnSurvey column, ModelEntrance<T> entrance, int j)
    {
        if (entrance.IsStandardized || IsOfOrderOne(column.Mean, column.Deviation))
            return null;
        return new(
            TrainingWarningKind.FeatureScale,
            Text($"Feature {j} has mean {column.Mean:g4} and standard deviation {column.Deviation:g4}; flows expect numbers of order one. Standardise it, or give the flow a standardization."),
            j);
    }

    private static bool IsOfOrderOne(double mean, double deviation) => Math.Abs(mean) <= LargestMean && deviation is >= SmallestDeviation and <= LargestDeviation;

    private static string Percent(long part, long all) => Text($"{100.0 * part / all:g3} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
