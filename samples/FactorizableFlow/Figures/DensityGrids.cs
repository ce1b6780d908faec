using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Distributions;
using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>Densities on a grid, at the centres of its cells.</summary>
internal static class DensityGrids
{
    /// <summary>Cells along each axis, unless somebody asks for another number.</summary>
    public const int StandardCells = 90;

    /// <summary>A model's density.</summary>
    /// <param name="model">The model.</param>
    /// <param name="context">One row of context.</param>
    /// <param name="nu">ν, or empty for a base flow.</param>
    /// <param name="box">Where.</param>
    /// <param name="cells">Cells along each axis, at least 2.</param>
    public static Grid2D Model(DensityModel<float> model, float[] context, float[] nu, PlaneBox box, int cells = StandardCells)
    {
        var points = new float[2 * cells * cells];
        for (var j = 0; j < cells; j++)
        {
            for (var i = 0; i < cells; i++)
            {
                points[2 * ((j * cells) + i)] = (float)(box.XMin + ((box.XMax - box.XMin) * (i + 0.5) / cells));
                points[(2 * ((j * cells) + i)) + 1] = (float)(box.YMin + ((box.YMax - box.YMin) * (j + 0.5) / cells));
            }
        }

        var logDensity = new float[cells * cells];
        model.LogDensity(points, new(context, nu), logDensity);
        return new Grid2D(cells, box.XMin, box.XMax, cells, box.YMin, box.YMax, Array.ConvertAll(logDensity, value => Math.Exp(value)));
    }

    /// <summary>The truth of a sector.</summary>
    /// <param name="sector">Which density.</param>
    /// <param name="truth">The truth.</param>
    /// <param name="label">0 for class A, 1 for B.</param>
    /// <param name="x">The score's context; not used for x itself.</param>
    /// <param name="box">Where.</param>
    /// <param name="cells">Cells along each axis, at least 2.</param>
    public static Grid2D Truth(Sector sector, ToyTruth truth, int label, Point2 x, PlaneBox box, int cells = StandardCells) => Function(
        sector.IsKinematic
            ? (first, second) => Math.Exp(truth.LogDensityX(first, second, label))
            : (first, second) => Math.Exp(truth.LogDensityY(first, second, x.First, x.Second, label)),
        box,
        cells);

    /// <summary>Any function.</summary>
    public static Grid2D Function(Func<double, double, double> function, PlaneBox box, int cells = StandardCells) =>
        Grid2D.FromFunction(cells, box.XMin, box.XMax, cells, box.YMin, box.YMax, function);

    /// <summary>ln(model / truth) in the truth's region of 99.7 % probability; NaN elsewhere, where both are as good as zero.</summary>
    public static Grid2D LogRatio(Grid2D model, Grid2D truth)
    {
        var floor = truth.LevelsEnclosing(0.997)[0];
        var values = new double[truth.Values.Length];
        for (var k = 0; k < values.Length; k++)
            values[k] = truth.Values[k] >= floor && truth.Values[k] > 0 ? Math.Log(model.Values[k] / truth.Values[k]) : double.NaN;

        return new Grid2D(truth.Columns, truth.XMin, truth.XMax, truth.Rows, truth.YMin, truth.YMax, values);
    }

    /// <summary>One row of a sector's context.</summary>
    public static float[] Context(Sector sector, int label, Point2 x)
    {
        float[] oneHot = label == 0 ? [1, 0] : [0, 1];
        return sector.IsKinematic ? oneHot : [.. oneHot, (float)x.First, (float)x.Second];
    }
}
