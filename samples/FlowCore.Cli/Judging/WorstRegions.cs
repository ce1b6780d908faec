using System.Globalization;
using FlowCore.Random;
using FlowCore.Statistics;

namespace FlowCore.Cli.Judging;

/// <summary>Where the rows and the model differ most: cells of equal content in every column and every pair of columns, counted in the rows and in draws at the rows' own conditions.</summary>
internal static class WorstRegions
{
    /// <summary>Draws for each row: the noise of the draws is a quarter of that of the rows.</summary>
    public const int DrawsPerRow = 4;

    private const int CellsOfColumn = 10;
    private const int CellsOfPair = 5;
    private const double FewestExpected = 5;

    /// <summary>The regions that deviate most, the worst first.</summary>
    /// <param name="judged">The model and its rows; weights are not looked at.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="most">How many regions at most.</param>
    /// <returns>The regions; a chance is corrected for the number of cells (Bonferroni).</returns>
    public static IReadOnlyList<WorstRegion> Of(JudgedModel judged, ulong seed, int most)
    {
        var (rows, features) = (judged.Rows, judged.Rows.Columns.Count);
        var draws = new float[DrawsPerRow][];
        for (var k = 0; k < DrawsPerRow; k++)
        {
            draws[k] = new float[rows.X.Length];
            judged.Model.Sample(new RandomStream(seed), (ulong)k * (ulong)rows.Count, judged.Conditions, draws[k], default);
        }

        string[] names = [.. rows.Columns, .. rows.ContextColumns];
        var cells = new List<WorstRegion>();
        for (var j = 0; j < names.Length; j++)
        {
            // The model says nothing about its context by itself.
            if (j < features)
                Count(j, -1, CellsOfColumn);
            for (var k = 0; k < Math.Min(j, features); k++)
                Count(k, j, CellsOfPair);
        }

        return [.. cells
            .OrderByDescending(cell => Math.Abs(cell.Deviation))
            .Take(most)
            .Select(cell => cell with { PValue = Math.Min(1, 2 * NormalDistribution.Survival(Math.Abs(cell.Deviation)) * cells.Count) })];

        // Ends of equal content of the rows, so that every cell has enough of them.
        void Count(int first, int second, int bins)
        {
            var (ends, others) = (Ends(first, bins), second < 0 ? [] : Ends(second, bins));
            var width = second < 0 ? 1 : others.Length + 1;
            var (seen, drawn) = (new int[(ends.Length + 1) * width], new int[(ends.Length + 1) * width]);
            for (var i = 0; i < rows.Count; i++)
            {
                seen[Cell(rows.X, i)]++;
                foreach (var draw in draws)
                    drawn[Cell(draw, i)]++;
            }

            for (var cell = 0; cell < seen.Length; cell++)
            {
                var expected = (double)drawn[cell] / DrawsPerRow;
                var both = (seen[cell] + drawn[cell]) / (1.0 + DrawsPerRow);
                if (both < FewestExpected)
                    continue;
                var deviation = (seen[cell] - expected) / Math.Sqrt(both * (1 + (1.0 / DrawsPerRow)));
                var where = Interval(names[first], ends, cell / width) + (second < 0 ? "" : $", {Interval(names[second], others, cell % width)}");
                cells.Add(new WorstRegion(where, seen[cell], expected, deviation, 1));
            }

            int Cell(float[] x, int row) =>
                (Place(ends, x[(row * features) + first]) * width)
                + (second < 0 ? 0 : Place(others, second < features ? x[(row * features) + second] : Given(row, second)));
        }

        float Given(int row, int column) => rows.Context[(row * rows.ContextColumns.Count) + column - features];

        double[] Ends(int column, int bins)
        {
            var values = new double[rows.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = column < features ? rows.X[(i * features) + column] : Given(i, column);
            Array.Sort(values);
            return [.. Enumerable.Range(1, bins - 1).Select(k => values[(int)((long)k * values.Length / bins)]).Where(end => end > values[0]).Distinct()];
        }
    }

    // An end belongs to the cell above it.
    private static int Place(double[] ends, double value)
    {
        var place = Array.BinarySearch(ends, value);
        return place < 0 ? ~place : place + 1;
    }

    private static string Interval(string name, double[] ends, int place)
    {
        var culture = CultureInfo.InvariantCulture;
        return ends.Length == 0 ? $"any {name}"
            : place == 0 ? string.Create(culture, $"{name} < {ends[0]:g4}")
            : place == ends.Length ? string.Create(culture, $"{name} >= {ends[^1]:g4}")
            : string.Create(culture, $"{ends[place - 1]:g4} <= {name} < {ends[place]:g4}");
    }
}
