using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>What a start from data asks of them: principal axes, turned rows, percentiles.</summary>
internal static class DataAxes
{
    /// <summary>The eigenvectors of the covariance, of the largest eigenvalue first, in columns.</summary>
    /// <param name="rows">Row-major, at least 2 rows.</param>
    /// <param name="dimension">D.</param>
    /// <returns>D × D, row-major.</returns>
    private static double[] Principal(ReadOnlySpan<double> rows, int dimension)
    {
        var (mean, covariance) = (new double[dimension], new double[dimension * dimension]);
        for (var i = 0; i < rows.Length; i++)
            mean[i % dimension] += rows[i] * dimension / rows.Length;
        for (var row = 0; row < rows.Length; row += dimension)
        {
            for (var i = 0; i < dimension; i++)
            {
                for (var j = 0; j < dimension; j++)
                    covariance[(i * dimension) + j] += (rows[row + i] - mean[i]) * (rows[row + j] - mean[j]) * dimension / rows.Length;
            }
        }

        var vectors = new double[dimension * dimension];
        SymmetricEigenvalues.Decompose(covariance, dimension, new double[dimension], vectors);
        return vectors;
    }

    /// <summary>The rows as a rotation turns them, whose raw numbers are set to the data's principal axes first where that is asked for.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="rotation">The rotation; null for none.</param>
    /// <param name="withAxes">Whether its raw numbers are set.</param>
    /// <param name="rows">Row-major, at least 2 rows.</param>
    /// <param name="raw">The raw numbers, fresh ones as they come.</param>
    /// <param name="stream">Where random ones come from.</param>
    /// <param name="dimension">D.</param>
    /// <returns>Row-major.</returns>
    public static double[] Turned<T>(Rotation<T>? rotation, bool withAxes, ReadOnlySpan<double> rows, Span<double> raw, RandomStream stream, int dimension)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var turned = rows.ToArray();
        if (rotation is null)
            return turned;
        if (withAxes)
        {
            raw.Clear();
            rotation.StartFrom(Principal(rows, dimension), raw, stream);
        }

        Turn(rotation, raw, turned);
        return turned;
    }

    /// <summary>Turns rows as evaluation does.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="rotation">The rotation.</param>
    /// <param name="raw">Its raw numbers.</param>
    /// <param name="rows">Row-major; overwritten.</param>
    private static void Turn<T>(Rotation<T> rotation, ReadOnlySpan<double> raw, Span<double> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The rows of the identity go where the coordinates' axes go.
        var n = rotation.Dimension;
        using var kernels = Device.Cpu.CreateKernels<T>();
        using var tape = new Tape<T>(kernels, n);
        tape.Begin(n, record: false);
        var identity = new T[n * n];
        for (var i = 0; i < n; i++)
            identity[(i * n) + i] = T.One;
        var numbers = new T[raw.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = T.CreateTruncating(raw[i]);
        var images = new T[n * n];
        tape.ReadValue(rotation.Evaluate(tape.Input(identity, n), tape.SharedRow(numbers)), images);
        var turned = new double[n];
        for (var row = 0; row < rows.Length; row += n)
        {
            Array.Clear(turned);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                    turned[j] += rows[row + i] * double.CreateTruncating(images[(i * n) + j]);
            }

            turned.CopyTo(rows[row..]);
        }
    }

    /// <summary>A percentile with linear interpolation.</summary>
    /// <param name="sorted">Rising numbers.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>The number.</returns>
    public static double Percentile(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }
}
