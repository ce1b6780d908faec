using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;

namespace FlowCore.Manifolds;

/// <summary>
/// A pdf of one or two dimensions in cells, small where it matters: for highest-density regions, exact coverage and figures.
/// </summary>
/// <remarks>
/// <para>
/// The coordinates of a scan have the embedding measure up to a factor: x of R^D, the azimuth, cos θ and φ of the sphere, x of an interval, and of a simplex
/// x_1 and v_2 = x_2 / (1 − x_1), whose measure has the factor 1 − x_1. Each cell is integrated by Gauss and Legendre's rule of three points a
/// side; cells whose halves disagree are cut until all of them agree with their halves to the wanted mass. A Euclidean factor
/// is scanned in the box of its draws, grown by a fifth; <see cref="Mass"/> tells what it holds.
/// </para>
/// <para>Immutable.</para>
/// </remarks>
public sealed class DensityScan
{
    private const int PointsPerSide = 3;
    private const int FirstCells = 24;
    private const int MostRounds = 14;

    // What a finer accuracy than anybody's would otherwise fill the memory with.
    private const int MostCells = 1 << 18;
    private const int DrawsOfBox = 4096;
    private static readonly double[] _nodes = [0.5 - (0.5 * Math.Sqrt(0.6)), 0.5, 0.5 + (0.5 * Math.Sqrt(0.6))];
    private static readonly double[] _weights = [5.0 / 18, 8.0 / 18, 5.0 / 18];
    private readonly DensityCell[] _cells;

    private DensityScan(DensityCell[] cells, int dimensions)
    {
        (_cells, Dimensions) = (cells, dimensions);
        foreach (var cell in cells)
            Mass += cell.Mass;
    }

    /// <summary>1 or 2.</summary>
    public int Dimensions { get; }

    /// <summary>The cells, in no order.</summary>
    public ReadOnlySpan<DensityCell> Cells => _cells;

    /// <summary>The probability of all cells; 1 up to the accuracy asked for, and less where a Euclidean factor has more outside of its box.</summary>
    public double Mass { get; }

    /// <summary>Scans a pdf.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="pdf">A pdf of one or two dimensions in all, without categories.</param>
    /// <param name="context">[C] or [1, C], the condition; left out where C is 0.</param>
    /// <param name="accuracy">The mass that is to be known, above 0.</param>
    /// <param name="seed">The seed of the draws that find the box of Euclidean factors.</param>
    /// <returns>The scan.</returns>
    /// <exception cref="ArgumentException">The pdf has another dimension, or categories.</exception>
    public static DensityScan Of<T>(Pdf<T> pdf, in ReadOnlyTensorSpan<T> context = default, double accuracy = 1e-4, ulong seed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(pdf);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(accuracy);
        var dimensions = pdf.Definition.Factors.Sum(factor => factor.BaseColumns);
        if (dimensions is not (1 or 2) || pdf.Definition.Factors.Any(factor => factor.Kind == ManifoldKind.Category))
            throw new ArgumentException($"Expected a pdf of one or two dimensions without categories, got \"{pdf.Definition.ManifoldText}\".", nameof(pdf));
        var condition = TensorRows.OfOptional(context, pdf.ContextFeatures, nameof(context)).ToArray();
        var evaluator = new ScanEvaluator<T>(pdf, condition);
        var (lower, upper) = Box(pdf, condition, seed);

        var pending = new List<DensityCell>();
        var second = dimensions == 2 ? FirstCells : 1;
        for (var i = 0; i < FirstCells; i++)
        {
            for (var j = 0; j < second; j++)
            {
                pending.Add(new DensityCell(
                    Between(lower[0], upper[0], i, FirstCells), Between(lower[0], upper[0], i + 1, FirstCells),
                    Between(lower[1], upper[1], j, second), Between(lower[1], upper[1], j + 1, second), 0, 0, 0, 0));
            }
        }

        var done = new List<DensityCell>();
        Integrate(evaluator, pending, dimensions);
        for (var round = 0; round < MostRounds && pending.Count is > 0 and < MostCells; round++)
        {
            var children = new List<DensityCell>();
            foreach (var cell in pending)
                Cut(cell, dimensions, children);
            Integrate(evaluator, children, dimensions);
            var parts = dimensions == 2 ? 4 : 2;

            // The error of what is left undone is shared out by the number of cells.
            var allowed = accuracy / Math.Max(64, children.Count);
            var next = new List<DensityCell>();
            for (var i = 0; i < pending.Count; i++)
            {
                var mass = 0.0;
                for (var k = 0; k < parts; k++)
                    mass += children[(i * parts) + k].Mass;
                var agrees = Math.Abs(mass - pending[i].Mass) <= allowed;
                for (var k = 0; k < parts; k++)
                    (agrees ? done : next).Add(children[(i * parts) + k]);
            }

            pending = next;
        }

        done.AddRange(pending);
        return new DensityScan([.. done], dimensions);
    }

    /// <summary>The levels of highest-density regions, see <see cref="HighestDensity.Levels"/>.</summary>
    /// <param name="probabilities">The probabilities, rising, in (0, 1).</param>
    /// <returns>A density for each.</returns>
    public double[] Levels(params ReadOnlySpan<double> probabilities) => HighestDensity.Levels(
        Array.ConvertAll(_cells, cell => cell.Density), Array.ConvertAll(_cells, cell => cell.Volume), probabilities);

    /// <summary>The volume of a highest-density region, in the embedding measure.</summary>
    /// <param name="probability">The probability in it, in (0, 1).</param>
    /// <returns>The volume.</returns>
    public double VolumeOf(double probability)
    {
        var level = Levels(probability)[0];
        var volume = 0.0;
        foreach (var cell in _cells)
            volume += cell.Density >= level ? cell.Volume : 0;
        return volume;
    }

    /// <summary>The probability of all points of a density at least as high: the exact coverage of a point of that density.</summary>
    /// <remarks>A cell that the level passes through counts by how much of its range of densities lies above.</remarks>
    /// <param name="logDensity">ln p of the point, per embedding measure.</param>
    /// <returns>A probability.</returns>
    public double Coverage(double logDensity)
    {
        var (level, sum) = (Math.Exp(logDensity), 0.0);
        foreach (var cell in _cells)
        {
            sum += cell.Mass * (cell.Lowest >= level ? 1 : cell.Highest < level ? 0
                : cell.Highest > cell.Lowest ? (cell.Highest - level) / (cell.Highest - cell.Lowest) : 1);
        }

        return Math.Min(sum / Mass, 1);
    }

    private static double Between(double lower, double upper, int i, int n) => i == n ? upper : lower + ((upper - lower) * i / n);

    private static void Cut(DensityCell cell, int dimensions, List<DensityCell> children)
    {
        var (middle1, middle2) = (0.5 * (cell.Lower1 + cell.Upper1), 0.5 * (cell.Lower2 + cell.Upper2));
        if (dimensions == 1)
        {
            children.Add(cell with { Upper1 = middle1 });
            children.Add(cell with { Lower1 = middle1 });
            return;
        }

        children.Add(cell with { Upper1 = middle1, Upper2 = middle2 });
        children.Add(cell with { Upper1 = middle1, Lower2 = middle2 });
        children.Add(cell with { Lower1 = middle1, Upper2 = middle2 });
        children.Add(cell with { Lower1 = middle1, Lower2 = middle2 });
    }

    private static void Integrate<T>(ScanEvaluator<T> evaluator, List<DensityCell> cells, int dimensions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var second = dimensions == 2 ? PointsPerSide : 1;
        var perCell = PointsPerSide * second;
        var points = new double[cells.Count * perCell * 2];
        var at = 0;
        foreach (var cell in cells)
        {
            for (var i = 0; i < PointsPerSide; i++)
            {
                for (var j = 0; j < second; j++)
                {
                    points[at++] = cell.Lower1 + ((cell.Upper1 - cell.Lower1) * _nodes[i]);
                    points[at++] = cell.Lower2 + ((cell.Upper2 - cell.Lower2) * _nodes[dimensions == 2 ? j : 1]);
                }
            }
        }

        var (densities, measures) = evaluator.Densities(points);
        for (var c = 0; c < cells.Count; c++)
        {
            var cell = cells[c];
            var area = (cell.Upper1 - cell.Lower1) * (dimensions == 2 ? cell.Upper2 - cell.Lower2 : 1);
            var (mass, volume, lowest, highest) = (0.0, 0.0, double.PositiveInfinity, 0.0);
            for (var i = 0; i < PointsPerSide; i++)
            {
                for (var j = 0; j < second; j++)
                {
                    var k = (c * perCell) + (i * second) + j;
                    var weight = area * _weights[i] * (dimensions == 2 ? _weights[j] : 1) * measures[k];
                    mass += weight * densities[k];
                    volume += weight;
                    lowest = Math.Min(lowest, densities[k]);
                    highest = Math.Max(highest, densities[k]);
                }
            }

            cells[c] = cell with { Mass = mass, Volume = volume, Lowest = lowest, Highest = highest };
        }
    }

    private static (double[] Lower, double[] Upper) Box<T>(Pdf<T> pdf, T[] condition, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (lower, upper) = (new double[] { 0, 0 }, new double[] { 1, 1 });
        T[]? draws = null;
        var (at, column) = (0, 0);
        foreach (var factor in pdf.Definition.Factors)
        {
            for (var j = 0; j < factor.BaseColumns; j++, at++)
            {
                (lower[at], upper[at]) = (factor.Kind, j) switch
                {
                    (ManifoldKind.Circle, _) or (ManifoldKind.Sphere, 1) => (-Math.PI, Math.PI),
                    (ManifoldKind.Sphere, 0) => (-1, 1),
                    (ManifoldKind.Interval, _) => (factor.Lower, factor.Upper),
                    (ManifoldKind.Simplex, _) => (0, 1),
                    _ => RangeOf(draws ??= ScanEvaluator<T>.Draw(pdf, condition, DrawsOfBox, seed), pdf.ColumnsIn(Coordinates.Intrinsic), column + j),
                };
            }

            column += factor.IntrinsicColumns;
        }

        return (lower, upper);
    }

    // The range of the draws, which holds 99.9 % and more, and a fifth of it on either side.
    private static (double Lower, double Upper) RangeOf<T>(T[] draws, int columns, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (lower, upper) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = column; i < draws.Length; i += columns)
        {
            lower = Math.Min(lower, double.CreateTruncating(draws[i]));
            upper = Math.Max(upper, double.CreateTruncating(draws[i]));
        }

        var margin = 0.2 * (upper - lower);
        return (lower - margin, upper + margin);
    }
}
