using System.Globalization;

namespace FlowCore.Manifolds;

/// <summary>One factor of the space that a density lives on, with the columns that its points take in each representation.</summary>
/// <remarks>
/// <para>
/// Intrinsic coordinates: e: x; s1: the azimuth φ; s2: zenith θ and azimuth φ, n = (sin θ cos φ, sin θ sin φ, cos θ); i1: x; a d: x_1..x_d, not negative,
/// of a sum of at most 1; d K: the class, from 0. Embedding coordinates: s1: (cos φ, sin φ); s2: n; a d: (1 − Σx, x_1..x_d); d K: one-hot; others as intrinsic.
/// </para>
/// <para>
/// The state is what layers work on. e: x; s1: an angle ψ, any number modulo 2π; s2: n; i1: u = (x − lo)/(hi − lo), in [0, 1]; a d: the stick fractions
/// v_1..v_d and behind them 1 − v_1..1 − v_d, each to its own full precision; d K: the class.
/// </para>
/// <para>Immutable.</para>
/// </remarks>
public sealed record Manifold
{
    private Manifold(ManifoldKind kind, int dimension, double lower = 0, double upper = 1)
    {
        Kind = kind;
        Dimension = dimension;
        Lower = lower;
        Upper = upper;
    }

    /// <summary>The circle.</summary>
    public static Manifold Circle { get; } = new(ManifoldKind.Circle, 1);

    /// <summary>The sphere.</summary>
    public static Manifold Sphere { get; } = new(ManifoldKind.Sphere, 2);

    /// <summary>The kind.</summary>
    public ManifoldKind Kind { get; }

    /// <summary>The dimension; of a category the number of classes.</summary>
    public int Dimension { get; }

    /// <summary>The lower end of an interval; else 0.</summary>
    public double Lower { get; }

    /// <summary>The upper end of an interval; else 1.</summary>
    public double Upper { get; }

    /// <summary>The columns of a point in intrinsic coordinates.</summary>
    public int IntrinsicColumns => Kind == ManifoldKind.Category ? 1 : Dimension;

    /// <summary>The columns of a point in embedding coordinates.</summary>
    public int EmbeddingColumns => Kind switch
    {
        ManifoldKind.Circle or ManifoldKind.Sphere or ManifoldKind.Simplex => Dimension + 1,
        _ => Dimension,
    };

    /// <summary>The columns of the state that layers work on.</summary>
    public int StateColumns => Kind switch
    {
        ManifoldKind.Sphere => 3,
        ManifoldKind.Simplex => 2 * Dimension,
        ManifoldKind.Category => 1,
        _ => Dimension,
    };

    /// <summary>The columns of the Gaussian base point: the dimension, and none of a category.</summary>
    public int BaseColumns => Kind == ManifoldKind.Category ? 0 : Dimension;

    /// <summary>The random numbers that a sample takes: <see cref="BaseColumns"/>, and one of a category.</summary>
    public int NoiseColumns => Kind == ManifoldKind.Category ? 1 : Dimension;

    /// <summary>The columns by which later factors of a product know of a point: the embedding coordinates.</summary>
    public int LinkColumns => EmbeddingColumns;

    /// <summary>Whether the space is compact, so that layers start from its uniform law.</summary>
    public bool IsCompact => Kind is not (ManifoldKind.Euclidean or ManifoldKind.Category);

    /// <summary>
    /// The logarithm of the uniform density: of a sphere per steradian, of a simplex per intrinsic coordinates (ln d!); 0 where there is none.
    /// </summary>
    public double LogUniform => Kind switch
    {
        ManifoldKind.Circle => -Math.Log(2 * Math.PI),
        ManifoldKind.Sphere => -Math.Log(4 * Math.PI),
        ManifoldKind.Interval => -Math.Log(Upper - Lower),
        ManifoldKind.Simplex => LogFactorial(Dimension),
        _ => 0,
    };

    /// <summary>R^D.</summary>
    /// <param name="dimension">D, at least 1.</param>
    /// <returns>The space.</returns>
    /// <exception cref="ArgumentOutOfRangeException">D is less than 1.</exception>
    public static Manifold Euclidean(int dimension) => new(ManifoldKind.Euclidean, AtLeast(dimension, 1));

    /// <summary>An interval.</summary>
    /// <param name="lower">The lower end, which belongs to it.</param>
    /// <param name="upper">The upper end, above the lower one, which belongs to it.</param>
    /// <returns>The space.</returns>
    /// <exception cref="ArgumentException">An end is not finite, or the upper one is not above the lower one.</exception>
    public static Manifold Interval(double lower = 0, double upper = 1) =>
        double.IsFinite(lower) && double.IsFinite(upper) && lower < upper && double.IsFinite(upper - lower)
            ? new(ManifoldKind.Interval, 1, lower, upper)
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected finite ends with lo < hi, got {lower} and {upper}."), nameof(upper));

    /// <summary>The simplex of d free numbers.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <returns>The space.</returns>
    /// <exception cref="ArgumentOutOfRangeException">d is less than 1.</exception>
    public static Manifold Simplex(int dimension) => new(ManifoldKind.Simplex, AtLeast(dimension, 1));

    /// <summary>One of K classes.</summary>
    /// <param name="classes">K, at least 2.</param>
    /// <returns>The space.</returns>
    /// <exception cref="ArgumentOutOfRangeException">K is less than 2.</exception>
    public static Manifold Category(int classes) => new(ManifoldKind.Category, AtLeast(classes, 2));

    /// <summary>The name as definition strings have it.</summary>
    /// <returns>For example <c>e3</c>, <c>s2</c>, <c>i1_-1_1</c>.</returns>
    public override string ToString() => Kind switch
    {
        ManifoldKind.Euclidean => $"e{Dimension}",
        ManifoldKind.Circle or ManifoldKind.Sphere => $"s{Dimension}",
        ManifoldKind.Interval when Lower == 0 && Upper == 1 => "i1",
        ManifoldKind.Interval => string.Create(CultureInfo.InvariantCulture, $"i1_{Lower}_{Upper}"),
        ManifoldKind.Simplex => $"a{Dimension}",
        _ => $"d{Dimension}",
    };

    private static int AtLeast(int dimension, int smallest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, smallest);
        return dimension;
    }

    private static double LogFactorial(int n)
    {
        var sum = 0.0;
        for (var k = 2; k <= n; k++)
            sum += Math.Log(k);
        return sum;
    }
}
