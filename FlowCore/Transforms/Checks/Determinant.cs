namespace FlowCore.Transforms;

/// <summary>ln |det A| of a small matrix.</summary>
internal static class Determinant
{
    /// <summary>By Gaussian elimination with partial pivoting; −∞ for a singular matrix.</summary>
    /// <param name="matrix">The matrix; destroyed.</param>
    /// <returns>ln |det A|.</returns>
    public static double LogAbs(double[,] matrix)
    {
        var size = matrix.GetLength(0);
        var sum = 0.0;
        for (var k = 0; k < size; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < size; i++)
            {
                if (Math.Abs(matrix[i, k]) > Math.Abs(matrix[pivot, k]))
                    pivot = i;
            }

            for (var j = k; j < size && pivot != k; j++)
                (matrix[k, j], matrix[pivot, j]) = (matrix[pivot, j], matrix[k, j]);
            sum += Math.Log(Math.Abs(matrix[k, k]));
            for (var i = k + 1; i < size; i++)
            {
                var factor = matrix[k, k] == 0 ? 0 : matrix[i, k] / matrix[k, k];
                for (var j = k; j < size; j++)
                    matrix[i, j] -= factor * matrix[k, j];
            }
        }

        return sum;
    }
}
