using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Continuous;

/// <summary>Deals noise out to data so that the sum of squared distances of every few rows is least.</summary>
/// <remarks>
/// Tong et al. 2024, "Improving and generalizing flow-based generative models with minibatch optimal transport". Groups are as many rows as any block is a multiple of, so a row's pair does
/// not depend on how a batch is cut. The assignment is exact: shortest augmenting paths with potentials (Jonker and Volgenant 1987), O(n³) a group.
/// </remarks>
internal static class MinibatchPairing<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Group = Matrix<T>.RowQuantum;

    /// <summary>The noise in the order of the data that it goes to.</summary>
    public static Variable<T> Pair(Tape<T> tape, Variable<T> noise, Variable<T> data)
    {
        var (rows, columns) = (noise.Rows, noise.Columns);
        var numbers = ArrayPool<T>.Shared.Rent(3 * rows * columns);
        try
        {
            var z = numbers.AsSpan(0, rows * columns);
            var x = numbers.AsSpan(rows * columns, rows * columns);
            var paired = numbers.AsSpan(2 * rows * columns, rows * columns);
            tape.ReadValue(noise, z);
            tape.ReadValue(data, x);
            Span<int> order = stackalloc int[Group];
            Span<double> costs = stackalloc double[Group * Group];
            for (var first = 0; first < rows; first += Group)
            {
                var count = Math.Min(Group, rows - first);
                for (var i = 0; i < count; i++)
                {
                    for (var j = 0; j < count; j++)
                        costs[(i * count) + j] = Distance(x.Slice((first + i) * columns, columns), z.Slice((first + j) * columns, columns));
                }

                Assign(costs[..(count * count)], count, order);
                for (var i = 0; i < count; i++)
                    z.Slice((first + order[i]) * columns, columns).CopyTo(paired.Slice((first + i) * columns, columns));
            }

            return tape.Input(paired, columns);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(numbers);
        }
    }

    /// <summary>For each row of a square matrix of costs the column that it gets, so that their sum is least.</summary>
    /// <param name="costs">Row-major, n × n, n at most <see cref="Matrix{T}.RowQuantum"/>.</param>
    /// <param name="n">n.</param>
    /// <param name="columnOf">Receives n columns.</param>
    internal static void Assign(ReadOnlySpan<double> costs, int n, Span<int> columnOf)
    {
        // Columns and rows count from 1; column 0 is where a new row starts.
        Span<double> rowPotential = stackalloc double[Group + 1];
        Span<double> columnPotential = stackalloc double[Group + 1];
        Span<double> least = stackalloc double[Group + 1];
        Span<int> rowOf = stackalloc int[Group + 1];
        Span<int> way = stackalloc int[Group + 1];
        Span<bool> used = stackalloc bool[Group + 1];
        rowPotential.Clear();
        columnPotential.Clear();
        rowOf.Clear();
        for (var row = 1; row <= n; row++)
        {
            rowOf[0] = row;
            var column = 0;
            least.Fill(double.PositiveInfinity);
            used.Clear();
            do
            {
                used[column] = true;
                var (current, delta, next) = (rowOf[column], double.PositiveInfinity, 0);
                for (var j = 1; j <= n; j++)
                {
                    if (used[j])
                        continue;
                    var reduced = costs[((current - 1) * n) + j - 1] - rowPotential[current] - columnPotential[j];
                    if (reduced < least[j])
                        (least[j], way[j]) = (reduced, column);
                    if (next == 0 || least[j] < delta)
                        (delta, next) = (least[j], j);
                }

                for (var j = 0; j <= n; j++)
                {
                    if (used[j])
                        (rowPotential[rowOf[j]], columnPotential[j]) = (rowPotential[rowOf[j]] + delta, columnPotential[j] - delta);
                    else
                        least[j] -= delta;
                }

                column = next;
            }
            while (rowOf[column] != 0);

            while (column != 0)
            {
                rowOf[column] = rowOf[way[column]];
                column = way[column];
            }
        }

        for (var j = 1; j <= n; j++)
            columnOf[rowOf[j] - 1] = j - 1;
    }

    private static double Distance(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = double.CreateTruncating(a[i] - b[i]);
            sum += difference * difference;
        }

        return sum;
    }
}
