namespace FlowCore.Transforms;

/// <summary>ln |det A| of a small matrix.</summary>
internal static class Determinant
{
    /// <summary>By Gaussian elimination with partial pivoting; −∞ for a singular matrix.</summary>
    /// <param name="matrix">The matrix; destroyed.</param>
    /// <param name="rounding">How far the result may be off: every number is taken to be rounded once, and every difference of the elimination.</param>
    /// <returns>ln |det A|.</returns>
    public static double LogAbs(double[,] matrix, out double rounding)
    {
        const double Unit = 1.1102230246251565e-16;
        var size = matrix.GetLength(0);
        var errors = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                errors[i, j] = Unit * Math.Abs(matrix[i, j]);
        }

        var sum = 0.0;
        rounding = 0;
        for (var k = 0; k < size; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < size; i++)
            {
                if (Math.Abs(matrix[i, k]) > Math.Abs(matrix[pivot, k]))
                    pivot = i;
            }

            for (var j = k; j < size && pivot != k; j++)
            {
                (matrix[k, j], matrix[pivot, j]) = (matrix[pivot, j], matrix[k, j]);
                (errors[k, j], errors[pivot, j]) = (errors[pivot, j], errors[k, j]);
            }

            rounding += errors[k, k] / Math.Abs(matrix[k, k]);
            sum += Math.Log(Math.Abs(matrix[k, k]));
            for (var i = k + 1; i < size; i++)
            {
                var factor = matrix[k, k] == 0 ? 0 : matrix[i, k] / matrix[k, k];
                for (var j = k; j < size; j++)
                {
                    // A triangular matrix has factor 0: its errors stay those of its diagonal, however large the rest is.
                    errors[i, j] += (Math.Abs(factor) * errors[k, j]) + (Unit * Math.Abs(factor * matrix[k, j]));
                    matrix[i, j] -= factor * matrix[k, j];
                }
            }
        }

        return sum;
    }
}
