using System.Numerics.Tensors;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Factorizable;

namespace FactorizableFlow.Figures;

/// <summary>A residual at points of one class and one context, in both directions.</summary>
/// <param name="model">The model.</param>
/// <param name="sector">What it is a density of.</param>
/// <param name="label">0 for class A, 1 for B.</param>
/// <param name="x">The score's context; not used for x itself.</param>
internal sealed class ResidualProbe(FactorizableFlow<float> model, Sector sector, int label, Point2 x)
{
    private readonly float[] _context = DensityGrids.Context(sector, label, x);

    /// <summary>Where points go.</summary>
    /// <param name="points">The points.</param>
    /// <param name="nu">ν, the same for all.</param>
    /// <param name="isForward">From observed to nominal, or back.</param>
    public Point2[] Map(IReadOnlyList<Point2> points, float[] nu, bool isForward)
    {
        var rows = Rows(points);
        var result = new float[rows.Length];
        if (isForward)
            model.ToNominal(rows, new(_context, nu), result, default);
        else
            model.FromNominal(rows, new(_context, nu), result, default);

        return [.. Enumerable.Range(0, points.Count).Select(i => new Point2(result[2 * i], result[(2 * i) + 1]))];
    }

    /// <summary>Log-scale and shift of each feature at a point, for many ν: the residual's own coefficients, no differences.</summary>
    /// <param name="point">The point: observed if forward, else nominal.</param>
    /// <param name="nu">One row a ν.</param>
    /// <param name="isForward">Of the map from observed to nominal, or of its inverse.</param>
    /// <returns>[feature][ν].</returns>
    public (double[][] LogScale, double[][] Shift) Response(Point2 point, IReadOnlyList<float[]> nu, bool isForward)
    {
        float[] nuisances = [.. nu.SelectMany(row => row)];
        var rows = Rows([.. Enumerable.Repeat(point, nu.Count)]);
        if (!isForward)
        {
            // The response is known where the observed features are.
            var observed = new float[rows.Length];
            model.FromNominal(rows, new(Repeated(nu.Count), nuisances), observed, default);
            rows = observed;
        }

        var response = Evaluate(rows, nuisances, nu.Count);
        var logScale = Columns(response.LogScale);
        var shift = Columns(response.Shift);
        if (!isForward)
        {
            // nominal = e^s observed + t, so observed = e^-s nominal - e^-s t.
            for (var feature = 0; feature < logScale.Length; feature++)
            {
                for (var i = 0; i < nu.Count; i++)
                {
                    logScale[feature][i] = -logScale[feature][i];
                    shift[feature][i] *= -Math.Exp(logScale[feature][i]);
                }
            }
        }

        return (logScale, shift);
    }

    /// <summary>Log-scale and shift with their additive and cross parts, for many ν at an observed point.</summary>
    /// <returns>Whole, additive and cross, each [feature][ν].</returns>
    public ((double[][] Whole, double[][] Additive, double[][] Cross) LogScale, (double[][] Whole, double[][] Additive, double[][] Cross) Shift) Parts(
        Point2 point, IReadOnlyList<float[]> nu)
    {
        var response = Evaluate(Rows([.. Enumerable.Repeat(point, nu.Count)]), [.. nu.SelectMany(row => row)], nu.Count);
        return (
            (Columns(response.LogScale), Columns(response.AdditiveLogScale), Columns(response.CrossLogScale)),
            (Columns(response.Shift), Columns(response.AdditiveShift), Columns(response.CrossShift)));
    }

    private static float[] Rows(IReadOnlyList<Point2> points) => [.. points.SelectMany(point => new[] { (float)point.First, (float)point.Second })];

    private static double[][] Columns(Tensor<float> values)
    {
        var flat = new float[(int)values.FlattenedLength];
        values.FlattenTo(flat);
        double[][] columns = [new double[flat.Length / 2], new double[flat.Length / 2]];
        for (var i = 0; i < flat.Length; i++)
            columns[i % 2][i / 2] = flat[i];

        return columns;
    }

    private float[] Repeated(int rows) => [.. Enumerable.Repeat(_context, rows).SelectMany(row => row)];

    private LocalResponses<float> Evaluate(float[] rows, float[] nuisances, int count) => model.LocalResponse(
        Tensor.Create(rows, [count, 2]), Tensor.Create(_context, [1, _context.Length]), Tensor.Create(nuisances, [count, nuisances.Length / count]));
}
