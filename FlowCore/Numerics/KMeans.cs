using System.Numerics;
using FlowCore.Random;

namespace FlowCore.Numerics;

/// <summary>Rows grouped around centres: the first ones drawn by k-means++ (Arthur and Vassilvitskii 2007), then moved by Lloyd's steps (Lloyd 1982).</summary>
internal static class KMeans
{
    private const int MostSteps = 50;

    /// <summary>The index of the centre of each row; every centre has a row.</summary>
    /// <exception cref="ArgumentException">There are fewer different rows than centres.</exception>
    internal static int[] Cluster<T>(ReadOnlySpan<T> rows, int features, int centres, RandomStream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = rows.Length / features;
        var points = new double[rows.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = double.CreateTruncating(rows[i]);
        var positions = FirstCentres(points, features, centres, stream);
        var nearest = new int[count];
        var distances = new double[count];
        for (var step = 0; step < MostSteps; step++)
        {
            var moved = Assign(points, features, positions, nearest, distances) || step == 0;
            FillEmpty(centres, nearest, distances);
            if (!moved)
                break;
            Centre(points, features, nearest, positions);
        }

        return nearest;
    }

    /// <summary>The rows of one centre.</summary>
    internal static T[] RowsOf<T>(ReadOnlySpan<T> rows, int features, int[] nearest, int centre)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var own = new List<T>();
        for (var row = 0; row < nearest.Length; row++)
        {
            if (nearest[row] == centre)
                own.AddRange(rows.Slice(row * features, features));
        }

        return [.. own];
    }

    // Each further centre is a row, drawn with a probability in proportion to its squared distance from the centres so far.
    private static double[] FirstCentres(double[] rows, int features, int centres, RandomStream stream)
    {
        var count = rows.Length / features;
        if (count < centres)
            throw new ArgumentException($"Expected at least as many rows as components, {centres}; {count} came.", nameof(rows));
        var positions = new double[centres * features];
        var squares = new double[count];
        Array.Fill(squares, double.PositiveInfinity);
        var uniform = new double[centres];
        stream.FillUniform<double>(uniform);
        for (var k = 0; k < centres; k++)
        {
            var chosen = k == 0 ? (int)(uniform[0] * count) : Draw(squares, uniform[k]);
            if (k > 0 && !(squares[chosen] > 0))
                throw new ArgumentException($"Expected at least {centres} different rows, as many as components; {k} came.", nameof(rows));
            rows.AsSpan(chosen * features, features).CopyTo(positions.AsSpan(k * features));
            for (var row = 0; row < count; row++)
                squares[row] = Math.Min(squares[row], Square(rows.AsSpan(row * features, features), positions.AsSpan(k * features, features)));
        }

        return positions;
    }

    private static int Draw(double[] weights, double uniform)
    {
        var total = 0.0;
        foreach (var weight in weights)
            total += weight;
        var rest = uniform * total;
        for (var i = 0; i < weights.Length; i++)
        {
            rest -= weights[i];
            if (rest < 0)
                return i;
        }

        // Rounding left a rest, or there is no weight.
        return Math.Max(Array.FindLastIndex(weights, weight => weight > 0), 0);
    }

    private static bool Assign(double[] points, int features, double[] positions, int[] nearest, double[] distances)
    {
        var moved = false;
        for (var row = 0; row < nearest.Length; row++)
        {
            var (best, least) = (0, double.PositiveInfinity);
            for (var k = 0; k < positions.Length / features; k++)
            {
                var square = Square(points.AsSpan(row * features, features), positions.AsSpan(k * features, features));
                if (square < least)
                    (best, least) = (k, square);
            }

            moved |= nearest[row] != best;
            (nearest[row], distances[row]) = (best, least);
        }

        return moved;
    }

    // A centre that lost all its rows takes the one that is farthest from its own, of those that have company.
    private static void FillEmpty(int centres, int[] nearest, double[] distances)
    {
        var sizes = new int[centres];
        foreach (var centre in nearest)
            sizes[centre]++;
        for (var k = 0; k < centres; k++)
        {
            if (sizes[k] > 0)
                continue;
            var farthest = -1;
            for (var row = 0; row < nearest.Length; row++)
            {
                if (sizes[nearest[row]] > 1 && (farthest < 0 || distances[row] > distances[farthest]))
                    farthest = row;
            }

            sizes[nearest[farthest]]--;
            (nearest[farthest], distances[farthest], sizes[k]) = (k, 0, 1);
        }
    }

    private static void Centre(double[] points, int features, int[] nearest, double[] positions)
    {
        Array.Clear(positions);
        var sizes = new int[positions.Length / features];
        for (var row = 0; row < nearest.Length; row++)
        {
            sizes[nearest[row]]++;
            for (var j = 0; j < features; j++)
                positions[(nearest[row] * features) + j] += points[(row * features) + j];
        }

        for (var i = 0; i < positions.Length; i++)
            positions[i] /= sizes[i / features];
    }

    private static double Square(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++)
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }
}
