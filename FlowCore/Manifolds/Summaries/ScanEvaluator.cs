using System.Numerics;
using System.Numerics.Tensors;

namespace FlowCore.Manifolds;

/// <summary>Densities at points in the coordinates of a <see cref="DensityScan"/>.</summary>
internal sealed class ScanEvaluator<T>(Pdf<T> pdf, T[] condition)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>p per embedding measure, and the factor between that measure and the coordinates', at points of two numbers each.</summary>
    public (double[] Densities, double[] Measures) Densities(ReadOnlySpan<double> points)
    {
        var (n, columns) = (points.Length / 2, pdf.ColumnsIn(Coordinates.Embedding));
        var x = new T[n * columns];
        var measures = new double[n];
        for (var i = 0; i < n; i++)
            measures[i] = Embed(points.Slice(2 * i, 2), x.AsSpan(i * columns, columns));
        var result = pdf.Evaluate(Tensor.Create(x, [n, columns]).AsReadOnlyTensorSpan(), Condition(), Coordinates.Embedding);
        var densities = new double[n];
        for (var i = 0; i < n; i++)
            densities[i] = Math.Exp(double.CreateTruncating(result.LogDensity[i]));
        return (densities, measures);
    }

    /// <summary>Draws in intrinsic coordinates.</summary>
    public static T[] Draw(Pdf<T> pdf, T[] condition, int count, ulong seed)
    {
        var x = pdf.Draw(count, seed, new ScanEvaluator<T>(pdf, condition).Condition(), Coordinates.Intrinsic).X;
        var values = new T[x.FlattenedLength];
        x.FlattenTo(values);
        return values;
    }

    private ReadOnlyTensorSpan<T> Condition() => condition.Length == 0 ? default : new ReadOnlyTensorSpan<T>(condition, [1, condition.Length]);

    private double Embed(ReadOnlySpan<double> point, Span<T> x)
    {
        var (at, column, measure) = (0, 0, 1.0);
        foreach (var factor in pdf.Definition.Factors)
        {
            var (a, b) = (point[at], at + 1 < point.Length ? point[at + 1] : 0);
            switch (factor.Kind)
            {
                case ManifoldKind.Circle:
                    Put(x[column..], Math.Cos(a), Math.Sin(a));
                    break;
                case ManifoldKind.Sphere:
                    var sine = Math.Sqrt(Math.Max(0, (1 - a) * (1 + a)));
                    Put(x[column..], sine * Math.Cos(b), sine * Math.Sin(b), a);
                    break;
                case ManifoldKind.Simplex when factor.Dimension == 1:
                    Put(x[column..], 1 - a, a);
                    measure *= Math.Sqrt(2);
                    break;
                case ManifoldKind.Simplex:
                    Put(x[column..], (1 - a) * (1 - b), a, (1 - a) * b);
                    measure *= Math.Sqrt(3) * (1 - a);
                    break;
                case ManifoldKind.Euclidean when factor.Dimension == 2:
                    Put(x[column..], a, b);
                    break;
                default:
                    Put(x[column..], a);
                    break;
            }

            at += factor.BaseColumns;
            column += factor.EmbeddingColumns;
        }

        return measure;
    }

    private static void Put(Span<T> destination, params ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            destination[i] = T.CreateTruncating(values[i]);
    }
}
