using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>Parameters of linear maps and their fresh values.</summary>
internal static class LinearParameters
{
    /// <summary>A vector of one number, or of numbers drawn uniformly in ±1/√D.</summary>
    internal static Parameter<T> Vector<T>(string name, int length, double value = 0, int features = 0, RandomStream? initialization = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parameter = new Parameter<T>(name, 1, length, isVector: true) { Start = value == 0 ? null : values => Array.Fill(values, T.CreateTruncating(value)) };
        if (initialization is { } stream)
            FreshParameters.FillUniform(parameter, features, stream);
        return parameter;
    }

    /// <summary>The strict triangle of a matrix, row by row; none where the matrix is one number.</summary>
    internal static Parameter<T>[] Triangle<T>(string name, int features, RandomStream? initialization = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        features == 1 ? [] : [Vector<T>(name, PackedMatrix<T>.TriangleLength(features), 0, features, initialization)];

    /// <summary>Vectors of reflections that start as the identity where their number is even: e₁, e₁, e₂, e₂, …</summary>
    internal static Parameter<T> Reflections<T>(string name, int count, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new Parameter<T>(name, count, features)
        {
            Start = values =>
            {
                for (var k = 0; k < count; k++)
                    values[(k * features) + (k / 2 % features)] = T.One;
            },
        };
    }

    /// <summary>The number whose softplus is 1 − ε.</summary>
    internal static double SoftplusOfOne(double minimum) => Math.Log(Math.Exp(1 - minimum) - 1);

    /// <summary>An orthogonal matrix: Q of the QR decomposition of normal numbers, with a positive diagonal of R (Stewart 1980), in row-major order.</summary>
    internal static double[] Orthogonal(int features, RandomStream stream)
    {
        var (normal, q, r) = (new double[features * features], new double[features * features], new double[features * features]);
        stream.FillNormal<double>(normal);
        Numerics.QrDecomposition.Factor(normal, features, features, q, r);
        return q;
    }

    /// <summary>The smallest scale that keeps a map invertible, checked.</summary>
    internal static double CheckedMinimum(double minimum) => minimum is >= 0 and < 1
        ? minimum
        : throw new ArgumentOutOfRangeException(nameof(minimum), minimum, $"Expected a smallest scale in [0, 1); {minimum} came.");
}
