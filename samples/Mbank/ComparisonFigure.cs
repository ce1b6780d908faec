using Plotting;

namespace Mbank;

/// <summary>Samples of a flow beside the rows that it learned from: points above the diagonal, marginal densities on it, contours below.</summary>
internal static class ComparisonFigure
{
    // Eight contours, from the tenth of the rows where they are densest to all but a twentieth.
    private static readonly double[] _enclosed = [0.1, 0.22, 0.34, 0.46, 0.58, 0.7, 0.82, 0.95];

    /// <summary>Draws the figure.</summary>
    /// <param name="flow">Samples of the flow, row-major.</param>
    /// <param name="train">Rows of the training, row-major.</param>
    /// <param name="features">The numbers of a row.</param>
    public static Figure Create(ReadOnlySpan<float> flow, ReadOnlySpan<float> train, int features)
    {
        var names = Enumerable.Range(0, features).Select(j => $"$x_{j}$").ToArray();
        return PairPlot.CreateWithPoints(
            "Distribution of flow and data", names, [new PairSample("flow", Columns(flow, features)), new PairSample("train", Columns(train, features))], _enclosed);
    }

    private static double[][] Columns(ReadOnlySpan<float> rows, int features)
    {
        var columns = new double[features][];
        for (var j = 0; j < features; j++)
        {
            columns[j] = new double[rows.Length / features];
            for (var i = 0; i < columns[j].Length; i++)
                columns[j][i] = rows[(i * features) + j];
        }

        return columns;
    }
}
