using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = ∫₀ˣ g + c with g = 1/K Σ_i p_i² + 10⁻³ and the polynomials p_i(t) = 1 + Σ_{j ≤ L} a_ij (t/10)^j: a polynomial of degree 2L + 1 that rises.</summary>
/// <remarks>
/// <para>
/// Jaini, Selby and Yu 2019, "Sum-of-squares polynomial flow", section 3; raw parameters as in zuko: the K rows a_i, then c. ln ∂z/∂x = ln g(x).
/// </para>
/// <para>
/// The integral is Gauss-Legendre quadrature with L + 1 nodes, which is exact here and adds up positive terms only. A number costs K(L + 1)(L + 2) products.
/// The inverse is solved for on the side of z − c; as g is at least 10⁻³, x lies within 10³ |z − c|. Universal as L grows, but steep far out: put a bound between such maps.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SumOfSquares<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The least slope, and the length of the polynomials' argument, as zuko has them.
    private const double LeastSlope = 1e-3;
    private const double Length = 10;

    // ξ_q^j, row-major with a row for each j; and for the squares of all polynomials at all nodes what they count in the integral over x, and in the slope.
    private readonly T[] _powersAtNodes;
    private readonly T[] _integral;
    private readonly T[] _slope;
    private readonly OperationCache<int, GatherColumnsOperation<T>> _tiled;

    /// <summary>Creates the map.</summary>
    /// <param name="polynomials">K, at least 1.</param>
    /// <param name="degree">L, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public SumOfSquares(int polynomials = 3, int degree = 4)
        : base(CountParameters(polynomials, degree))
    {
        Polynomials = polynomials;
        Degree = degree;
        var (nodes, weights) = GaussLegendre.OnUnitInterval(degree + 1);
        var columns = degree + 2;

        // The last node is x itself.
        _powersAtNodes = new T[(degree + 1) * columns];
        (_integral, _slope) = (new T[polynomials * columns], new T[polynomials * columns]);
        for (var q = 0; q < columns; q++)
        {
            for (var j = 0; j <= degree; j++)
                _powersAtNodes[(j * columns) + q] = T.CreateTruncating(q <= degree ? Math.Pow(nodes[q], j) : 1);
            for (var i = 0; i < polynomials; i++)
                (q <= degree ? _integral : _slope)[(i * columns) + q] = T.CreateTruncating((q <= degree ? weights[q] : 1) / polynomials);
        }

        _tiled = new OperationCache<int, GatherColumnsOperation<T>>(features => new GatherColumnsOperation<T>(PowersOf(features)));
    }

    /// <inheritdoc/>
    public static string Kind => "sum-of-squares";

    /// <summary>K.</summary>
    public int Polynomials { get; }

    /// <summary>L.</summary>
    public int Degree { get; }

    private int Coefficients => ParametersPerFeature - 1;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new SumOfSquares<T>(reader.Size("polynomials"), reader.Count("degree"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("polynomials", Polynomials);
        writer.Write("degree", Degree);
    }

    /// <summary>All polynomials 1 but for small slopes that tell them apart: z = 1.001 x and a little.</summary>
    /// <param name="raw">Receives K(L + 1) + 1 numbers.</param>
    protected internal override void Start(Span<double> raw)
    {
        if (Degree == 0)
            return;

        // Opposite slopes cancel in the mean of the squares to first order.
        for (var i = 0; i < Polynomials; i++)
            raw[(i * (Degree + 1)) + 1] = Polynomials == 1 ? 0 : 0.1 * ((2.0 * i / (Polynomials - 1)) - 1);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var (nodes, features) = (Degree + 2, x.Columns);
        var tape = x.Tape!;

        // a_ij (x/10)^j of every polynomial, then its values at all nodes ξ_q x: products with the constant matrix ξ_q^j.
        var scaled = x * T.CreateTruncating(1 / Length);
        var powers = tape.Allocate((Degree + 1) * features);
        var power = tape.Ones(features);
        tape.CopyInto(power, tape.Slice(powers, 0, features));
        for (var j = 1; j <= Degree; j++)
        {
            power = j == 1 ? scaled : power * scaled;
            tape.CopyInto(power, tape.Slice(powers, j * features, features));
        }

        var terms = raw.Columns(0, Coefficients) * _tiled[features].Apply(powers);
        var values = terms.BatchedMultiply(tape.SharedRow(_powersAtNodes), features * Polynomials, Degree + 1, nodes) + T.One;
        var squares = values.Square();
        var least = T.CreateTruncating(LeastSlope);
        logSlope = (squares.BatchedMultiply(tape.SharedRow(_slope), features, Polynomials * nodes, 1) + least).Log();
        return (x * (squares.BatchedMultiply(tape.SharedRow(_integral), features, Polynomials * nodes, 1) + least)) + raw[Coefficients];
    }

    /// <inheritdoc/>
    protected internal override void Bracket(Variable<T> z, in RawParameters<T> raw, Variable<T> lower, Variable<T> upper, Variable<T> guess)
    {
        // On the side of z − c. Far out the slope goes as the power 2L, and Newton's steps from beyond come back slowly: better to come from within, where
        // the polynomials are of order 1, and to search outwards, than to begin with the end that g ≥ 10⁻³ gives.
        var tape = z.Tape!;
        var rise = z - raw[Coefficients];
        var isRight = tape.Constant(T.Zero).LessOrEqual(rise);
        tape.CopyInto(isRight.Where(tape.Constant(T.Zero), tape.Constant(T.NegativeInfinity)), lower);
        tape.CopyInto(isRight.Where(tape.Constant(T.PositiveInfinity), tape.Constant(T.Zero)), upper);
        var end = tape.Constant(T.CreateTruncating(Length));
        tape.CopyInto(rise.Min(end).Max(-end), guess);
    }

    private static int CountParameters(int polynomials, int degree)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(polynomials);
        ArgumentOutOfRangeException.ThrowIfNegative(degree);
        return checked((polynomials * (degree + 1)) + 1);
    }

    // The powers come one after the other, those of all features each; a feature's coefficients want all powers, for each polynomial.
    private int[] PowersOf(int features)
    {
        var indices = new int[features * Coefficients];
        for (var at = 0; at < indices.Length; at++)
            indices[at] = (at % (Degree + 1) * features) + (at / Coefficients);
        return indices;
    }
}
