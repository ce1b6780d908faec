using NUnit.Framework;
namespace FlowCore.Tests.Compute;

/// <summary>Compares adjoints with central differences, row by row: no event's result depends on another's argument.</summary>
internal static class TransformGradients
{
    /// <summary>For each row Σ ȳ y + l̄ log|det J|: a number whose gradient the adjoints are.</summary>
    public static double[] Loss(TransformBlock<double> y, TransformBlock<double> logDet, TransformBlock<double> dy, TransformBlock<double> dlogDet)
    {
        var loss = new double[y.Matrix.Rows];
        for (var row = 0; row < loss.Length; row++)
        {
            loss[row] = dlogDet[row, 0] * logDet[row, 0];
            for (var column = 0; column < y.Matrix.Columns; column++)
                loss[row] += dy[row, column] * y[row, column];
        }

        return loss;
    }

    /// <summary>Moves one column of a block at a time and compares the change of every row's loss with its adjoint.</summary>
    /// <remarks>
    /// The difference of fourth order with step h = 1e-5 errs by h⁴ f⁽⁵⁾ / 30, a few 1e-22 times a fifth derivative (up to 1e12
    /// in narrow bins), and by the roundings of f, 1e-14 / h: together below 1e-7 of the largest adjoint. The seeds keep
    /// every argument further than 2h from a kink.
    /// </remarks>
    public static void CompareWithDifferences(TransformBlock<double> argument, TransformBlock<double> adjoint, Func<double[]> loss)
    {
        const double step = 1e-5;
        var rows = adjoint.Matrix.Rows;
        var columns = argument.Matrix.Columns;
        var shared = !argument.Matrix.IsBlock;
        var expected = new double[rows * columns];
        for (var column = 0; column < columns; column++)
        {
            var original = new double[argument.Matrix.Rows];
            for (var row = 0; row < original.Length; row++)
                original[row] = argument[row, column];

            double[] At(double factor)
            {
                for (var row = 0; row < original.Length; row++)
                    argument[row, column] = original[row] + (factor * step);
                return loss();
            }

            var (up, down, up2, down2) = (At(1), At(-1), At(2), At(-2));
            At(0);
            for (var row = 0; row < up.Length; row++)
                expected[((shared ? 0 : row) * columns) + column] += ((8 * (up[row] - down[row])) - (up2[row] - down2[row])) / (12 * step);
        }

        CompareRelativeToLargest(adjoint.ToArray(), expected, 1e-7);
    }

    /// <summary>Compares numbers with a tolerance relative to the largest of them, at least 1.</summary>
    public static void CompareRelativeToLargest(double[] actual, double[] expected, double tolerance)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        var largest = 1.0;
        foreach (var value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++)
        {
            // Only a failure becomes an assertion: there are many numbers.
            if (!(Math.Abs(actual[i] - expected[i]) <= tolerance * largest))
                Assert.Fail($"Number {i} is {actual[i]:R}; expected {expected[i]:R} within {tolerance:G2} of {largest:G3}.");
        }
    }
}
