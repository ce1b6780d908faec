using System.Globalization;
using CommandLine;
using FlowCore.Fitting;
using FlowCore.Training;

namespace FlowCore.Cli.Data;

/// <summary>Looks at rows before a density is fitted to them: says what they look like, warns, and refuses or leaves out what has no density.</summary>
/// <param name="context">Where to say it.</param>
/// <param name="areChosen">Whether the user has named the columns; what was not named may be left out.</param>
/// <param name="takesBounds">Whether bounds can be said of columns.</param>
internal sealed class DataReview(CommandContext context, bool areChosen, bool takesBounds)
{
    // 0.57 is that of a uniform distribution, 1 of a normal one, 1.6 of Laplace's.
    private const double HeavyTail = 2;

    // Two columns of which one is the other with the rounding of its file.
    private const double NearlyOne = 0.99999;
    private const int FewestRows = 200;
    private const int LeastRows = 10;

    private readonly ConsoleReporter _reporter = context.Reporter;

    /// <summary>Looks at the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="supports">What was said about the columns; null for nothing.</param>
    /// <returns>The rows without the columns that were left out, and the supports of the others.</returns>
    /// <exception cref="IOException">A named column has no density, a number is outside of what was said about its column, or a weight is negative.</exception>
    public (RowSet Rows, Support[]? Supports) Check(RowSet rows, Support[]? supports)
    {
        rows.CheckWeights();
        if (rows.Count < LeastRows)
            throw new IOException($"{rows.Table}: Expected at least {LeastRows} rows to fit a density to, got {rows.Count}.");
        var survey = Survey(rows.X, rows);
        Show(rows, survey);
        if (rows.Dropped > 0)
            _reporter.Warning($"{rows.Dropped} of {rows.Count + rows.Dropped} rows are left out because a number is missing in them.");
        if (rows.Count < FewestRows)
            _reporter.Warning($"{rows.Count} rows say little about a density; what comes out is smooth and may miss what is there.");
        (rows, supports, var columns) = LeaveOut(rows, supports, [.. survey.Columns]);
        for (var j = 0; j < columns.Count; j++)
            Look(rows, j, supports?[j] ?? Support.Real, columns[j]);
        WarnOfRelations(rows);
        CheckContext(rows);
        return (rows, supports);
    }

    private static DataSurvey Survey(float[] numbers, RowSet rows) => DataSurvey.Of<float>(numbers, numbers.Length / rows.Count, rows.Weights);

    private void Show(RowSet rows, DataSurvey survey)
    {
        var more = (rows.ContextColumns.Count > 0 ? $", given {string.Join(", ", rows.ContextColumns)}" : "") + (rows.Weights.Length > 0 ? ", weighted" : "");
        _reporter.Line($"{rows.Table}: {rows.Count} rows of {string.Join(", ", rows.Columns)}{more}.");
        _reporter.Table(
            ["column", "smallest", "5 %", "median", "95 %", "largest", "different values"],
            rows.Columns.Select((name, j) => (IReadOnlyList<string>)
            [
                name, Text(survey.Columns[j].Minimum), Text(survey.Columns[j].Quantile(0.05)), Text(survey.Columns[j].Quantile(0.5)), Text(survey.Columns[j].Quantile(0.95)),
                Text(survey.Columns[j].Maximum), survey.Columns[j].DistinctValues.ToString(CultureInfo.InvariantCulture),
            ]));
    }

    // A constant has no density, and neither have two columns that are one.
    private (RowSet Rows, Support[]? Supports, List<ColumnSurvey> Columns) LeaveOut(RowSet rows, Support[]? supports, List<ColumnSurvey> columns)
    {
        for (var j = 0; j < columns.Count;)
        {
            var twin = columns[j].IsConstant ? -1 : Twin(rows, j);
            if (!columns[j].IsConstant && twin < 0)
            {
                j++;
                continue;
            }

            var what = twin < 0 ? $"column '{rows.Columns[j]}' is {Text(columns[j].Mean)} in every row, so it has no density" : $"column '{rows.Columns[j]}' is the same as '{rows.Columns[twin]}' in every row, so both together have no density";
            if (areChosen)
                throw new IOException($"{rows.Table}: {what}; leave it out of --columns.");
            if (columns.Count == 1)
                throw new IOException($"{rows.Table}: {what}, and there is no other.");
            _reporter.Warning($"{what}; it is left out.");
            rows = rows.Without(j);
            supports = supports is null ? null : [.. supports[..j], .. supports[(j + 1)..]];
            columns.RemoveAt(j);
        }

        return (rows, supports, columns);
    }

    private void Look(RowSet rows, int j, Support support, ColumnSurvey column)
    {
        var name = rows.Columns[j];
        if (support.Kind != SupportKind.Real)
        {
            CheckInside(rows, j, support);
            return;
        }

        if (!takesBounds)
            return;
        if (SupportSuggestion.Of(column) is { } suggestion)
            _reporter.Warning($"column '{name}' {suggestion.Found}: {suggestion.Condition}, say --bounds {name}={SupportText.Of(suggestion.Support)}.");
        if (column.TailWeight > HeavyTail)
            _reporter.Warning(string.Create(CultureInfo.InvariantCulture, $"column '{name}' has heavy tails, {column.TailWeight:g3} times those of a normal distribution: what lies beyond the farthest rows is a guess."));
    }

    private static void CheckInside(RowSet rows, int j, Support support)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var value = rows.X[(i * rows.Columns.Count) + j];
            var isInside = support.Kind switch
            {
                SupportKind.Positive => value > support.Lower,
                SupportKind.Interval => value >= (float)support.Lower && value <= (float)support.Upper,
                SupportKind.Integers => MathF.Floor(value) == value,
                _ => true,
            };
            if (!isInside)
                throw new IOException($"{rows.Table}: Expected column '{rows.Columns[j]}' within {SupportText.Of(support)}, got {Text(value)} in {RowText.Of(i)}.");
        }
    }

    private static int Twin(RowSet rows, int column)
    {
        var width = rows.Columns.Count;
        for (var other = 0; other < column; other++)
        {
            var i = 0;
            while (i < rows.Count && rows.X[(i * width) + column] == rows.X[(i * width) + other])
                i++;
            if (i == rows.Count)
                return other;
        }

        return -1;
    }

    private void WarnOfRelations(RowSet rows)
    {
        var width = rows.Columns.Count;
        for (var j = 1; j < width; j++)
        {
            for (var k = 0; k < j; k++)
            {
                if (Math.Abs(Correlation(rows.X, width, j, k)) > NearlyOne)
                    _reporter.Warning($"columns '{rows.Columns[k]}' and '{rows.Columns[j]}' are one line up to roundings: their density grows without limit; leave one out.");
            }
        }
    }

    private static double Correlation(float[] x, int width, int j, int k)
    {
        double meanJ = 0, meanK = 0, squaresJ = 0, squaresK = 0, product = 0;
        var n = 0;
        for (var i = 0; i < x.Length; i += width)
        {
            n++;
            var (shiftJ, shiftK) = (x[i + j] - meanJ, x[i + k] - meanK);
            meanJ += shiftJ / n;
            meanK += shiftK / n;
            squaresJ += shiftJ * (x[i + j] - meanJ);
            squaresK += shiftK * (x[i + k] - meanK);
            product += shiftJ * (x[i + k] - meanK);
        }

        return product / Math.Sqrt(squaresJ * squaresK);
    }

    private void CheckContext(RowSet rows)
    {
        if (rows.ContextColumns.Count == 0)
            return;
        var survey = Survey(rows.Context, rows);
        for (var j = 0; j < rows.ContextColumns.Count; j++)
        {
            if (survey.Columns[j].IsConstant)
                _reporter.Warning($"context column '{rows.ContextColumns[j]}' is {Text(survey.Columns[j].Mean)} in every row, so what the density is at other values is a guess.");
        }
    }

    private static string Text(double value) => value.ToString("g6", CultureInfo.InvariantCulture);
}
