using FlowCore.Autodiff;

namespace FlowCore.Tests.Networks;

/// <summary>Layers in canonical order by plain loops: what networks are compared with.</summary>
internal sealed class ReferenceNetwork(IEnumerable<Parameter<double>> parameters)
{
    private readonly Dictionary<string, (double[] Values, int Rows, int Columns)> _tensors = parameters.ToDictionary(
        parameter => parameter.Name,
        parameter =>
        {
            var values = new double[parameter.Length];
            parameter.Read(values);
            return (values, parameter.Rows, parameter.Columns);
        });

    /// <summary>W x + b. Masked weights hold zeros where the mask does.</summary>
    public double[] Linear(string name, double[] x)
    {
        var (weight, rows, columns) = _tensors[name + ".weight"];
        var y = (double[])_tensors[name + ".bias"].Values.Clone();
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                y[i] += weight[(i * columns) + j] * x[j];
        }

        return y;
    }

    public static double[] Map(double[] x, Func<double, double> function) => [.. x.Select(function)];

    public static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    /// <summary>a ∘ σ(b).</summary>
    public static double[] Gate(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x / (1 + Math.Exp(-y)))];
}
