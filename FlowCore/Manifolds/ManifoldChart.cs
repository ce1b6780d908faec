using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;

namespace FlowCore.Manifolds;

/// <summary>From coordinates to the state that layers work on, and back; and the columns by which later factors know of a point.</summary>
/// <remarks>
/// Densities of states are per unit of the manifold's own measure: Lebesgue's of x, of the angle, per solid angle, of the interval's x, and of the free
/// numbers of a simplex.
/// </remarks>
internal static class ManifoldChart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T _pi = T.Pi;
    private static readonly T _turn = T.Tau;
    // 2π − _turn: of a double 2.4e-16, of a float what it leaves of a double and that.
    private static readonly T _turnRest = T.CreateTruncating(Math.Tau - double.CreateTruncating(T.Tau) + 2.4492935982947064e-16);
    // How far the norm of a given unit vector, or the sum of a given simplex point, may be from 1.
    private static readonly T _tolerance = T.CreateTruncating(typeof(T) == typeof(double) ? 1e-6 : 1e-3);
    // Numbers beyond have no density: their squares, and products with a width, are none. The arithmetic of layers needs some room below the largest number.
    private static readonly T _farthest = T.ScaleB(NumberLimits<T>.Largest, -40);

    // Below, the square of a divisor underflows, of which the adjoint of a quotient is made; both are scaled before they are divided.
    private static readonly T _smallRest = T.ScaleB(T.One, typeof(T) == typeof(double) ? -500 : -50);
    private static readonly T _restScale = T.ScaleB(T.One, typeof(T) == typeof(double) ? 800 : 90);
    private static readonly T _half = T.CreateTruncating(0.5);

    /// <summary>The state of given points.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="x">[rows, columns of the coordinates], a block.</param>
    /// <param name="coordinates">Which coordinates x has.</param>
    public static ChartedPoint<T> ToState(Manifold manifold, Variable<T> x, Coordinates coordinates)
    {
        var embedded = coordinates == Coordinates.Embedding;
        return manifold.Kind switch
        {
            ManifoldKind.Euclidean => Guard(x, All(x.Abs().Less(Constant(x, _farthest))), T.Zero, default),
            ManifoldKind.Circle => embedded ? FromCosineAndSine(x) : FromAngle(x),
            ManifoldKind.Sphere => embedded ? FromUnitVector(x) : FromZenithAndAzimuth(x),
            ManifoldKind.Interval => FromInterval(manifold, x),
            ManifoldKind.Simplex => FromSimplex(manifold, x, embedded),
            _ => FromClass(manifold, x, embedded),
        };
    }

    /// <summary>The points of states.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="state">[rows, <see cref="Manifold.StateColumns"/>].</param>
    /// <param name="coordinates">Which coordinates are wanted.</param>
    /// <param name="logMeasure">As in <see cref="ChartedPoint{T}"/>, at the result.</param>
    public static Variable<T> FromState(Manifold manifold, Variable<T> state, Coordinates coordinates, out Variable<T> logMeasure)
    {
        logMeasure = default;
        var embedded = coordinates == Coordinates.Embedding;
        switch (manifold.Kind)
        {
            case ManifoldKind.Circle:
                return embedded ? VariableFunctions.Concatenate(state.Cos(), state.Sin()) : Azimuth(Turned(state));
            case ManifoldKind.Sphere when embedded:
                return state;
            case ManifoldKind.Sphere:
                var (x, y, z) = (state.Slice(0, 1), state.Slice(1, 1), state.Slice(2, 1));
                var isPole = IsPole(x, y);
                var (safeX, safeY) = (isPole.Where(Constant(x, T.One), x), isPole.Where(Constant(y, T.Zero), y));
                var rho = isPole.Where(Constant(x, T.Zero), safeX.Hypot(safeY));
                logMeasure = rho.Log();
                return VariableFunctions.Concatenate(rho.Atan2(z), Azimuth(safeY.Atan2(safeX)));
            case ManifoldKind.Interval:
                return Within(manifold, state);
            case ManifoldKind.Simplex:
                var barycentric = Barycentric(manifold, state);
                if (embedded)
                    logMeasure = HalfLogOfSides(manifold, state);
                return embedded ? barycentric : barycentric.Slice(1, manifold.Dimension);
            case ManifoldKind.Category:
                return embedded ? OneHot(manifold, state) : state;
            default:
                return state;
        }
    }

    /// <summary>The columns by which later factors know of a point.</summary>
    public static Variable<T> Link(Manifold manifold, Variable<T> state) => manifold.Kind switch
    {
        ManifoldKind.Circle => VariableFunctions.Concatenate(state.Cos(), state.Sin()),
        ManifoldKind.Simplex => Barycentric(manifold, state),
        ManifoldKind.Category => OneHot(manifold, state),
        ManifoldKind.Interval => manifold is { Lower: >= -1, Upper: <= 1 } ? Within(manifold, state) : (state + state) - T.One,
        _ => state,
    };

    /// <summary>ψ of any angle: the same in [−π, π). Whole turns are taken away in two parts (Cody and Waite 1980), then what their rounding left.</summary>
    public static Variable<T> Turned(Variable<T> angle)
    {
        var turns = ((angle * (T.One / _turn)) + _half).Floor();
        var reduced = (angle - (turns * _turn)) - (turns * _turnRest);
        return reduced - (((reduced * (T.One / _turn)) + _half).Floor() * _turn);
    }

    /// <summary>A class as K columns of which one is 1.</summary>
    public static Variable<T> OneHot(Manifold manifold, Variable<T> state) => state.Equal(Classes(state.Tape!, manifold.Dimension));

    private static ChartedPoint<T> FromAngle(Variable<T> angle)
    {
        var isInside = All(angle.Abs().Less(Constant(angle, T.PositiveInfinity)));
        var guarded = Guard(angle, isInside, T.Zero, default);
        return guarded with { State = Turned(guarded.State) };
    }

    private static ChartedPoint<T> FromCosineAndSine(Variable<T> x)
    {
        var isInside = IsNearOne(x.Square().SumColumns().Sqrt());
        var point = isInside.Where(x, x.Tape!.Constant([T.One, T.Zero]));
        return new ChartedPoint<T>(point.Slice(1, 1).Atan2(point.Slice(0, 1)), isInside, default);
    }

    private static ChartedPoint<T> FromUnitVector(Variable<T> x)
    {
        var isInside = IsNearOne(x.Square().SumColumns().Sqrt());
        var point = isInside.Where(x, x.Tape!.Constant([T.One, T.Zero, T.Zero]));
        return new ChartedPoint<T>(point / point.Square().SumColumns().Sqrt(), isInside, default);
    }

    // ln p(θ, φ) = ln p(n) + ln sin θ; at a pole −∞.
    private static ChartedPoint<T> FromZenithAndAzimuth(Variable<T> x)
    {
        var (zenith, azimuth) = (x.Slice(0, 1), x.Slice(1, 1));
        var isInside = Both(
            Both(Constant(x, T.Zero).LessOrEqual(zenith), zenith.LessOrEqual(Constant(x, _pi))), azimuth.Abs().Less(Constant(x, T.PositiveInfinity)));
        var theta = isInside.Where(zenith, Constant(x, _pi * _half));
        var phi = isInside.Where(azimuth, Constant(x, T.Zero));

        // The number next to π may lie beyond it. At a pole ln sin θ = −∞ has no derivative.
        var sine = theta.Sin().Max(Constant(x, T.Zero));
        var isPole = sine.LessOrEqual(Constant(x, T.Zero));
        var turned = Turned(phi);
        var state = VariableFunctions.Concatenate(sine * turned.Cos(), sine * turned.Sin(), theta.Cos());
        var logSine = isPole.Where(Constant(x, T.NegativeInfinity), isPole.Where(Constant(x, T.One), sine).Log());
        return new ChartedPoint<T>(state, isInside, logSine);
    }

    private static ChartedPoint<T> FromInterval(Manifold manifold, Variable<T> x)
    {
        var (lower, upper) = (T.CreateTruncating(manifold.Lower), T.CreateTruncating(manifold.Upper));
        var isInside = Both(Constant(x, lower).LessOrEqual(x), x.LessOrEqual(Constant(x, upper)));
        var point = isInside.Where(x, Constant(x, lower + ((upper - lower) * _half)));
        return new ChartedPoint<T>((point - lower) / (upper - lower), isInside, default);
    }

    // Sticks: r_i is what is left before x_i is broken off, v_i = x_i / r_i, 1 − v_i = r_{i+1} / r_i. The r_i are sums of what remains, not differences.
    private static ChartedPoint<T> FromSimplex(Manifold manifold, Variable<T> x, bool embedded)
    {
        var d = manifold.Dimension;
        var slack = T.CreateTruncating(8) * NumberLimits<T>.Epsilon;
        var isInside = All(Constant(x, -slack).LessOrEqual(x));
        var sum = x.SumColumns();
        isInside = Both(isInside, embedded ? IsNearOne(sum) : sum.LessOrEqual(Constant(x, T.One + slack)));
        var point = isInside.Where(x, Constant(x, T.One / T.CreateTruncating(d + 1))).Max(Constant(x, T.Zero));
        Variable<T> remainder;
        if (embedded)
        {
            point /= point.SumColumns();
            (remainder, point) = (point.Slice(0, 1), point.Slice(1, d));
        }
        else
        {
            remainder = (T.One - point.SumColumns()).Max(Constant(x, T.Zero));
        }

        var state = x.Tape!.Allocate(2 * d);
        var rest = remainder;
        for (var i = d - 1; i >= 0; i--)
        {
            var (broken, behind) = (point.Slice(i, 1), rest);
            rest += broken;

            // Of nothing any fraction may be taken; none is.
            var isNothing = rest.LessOrEqual(Constant(x, T.Zero));
            var scale = rest.Less(Constant(x, _smallRest)).Where(Constant(x, _restScale), Constant(x, T.One));
            var whole = isNothing.Where(Constant(x, T.One), rest * scale);
            x.Tape!.CopyInto(broken * scale / whole, state.Slice(i, 1));
            x.Tape!.CopyInto(isNothing.Where(Constant(x, T.One), behind * scale / whole), state.Slice(d + i, 1));
        }

        return new ChartedPoint<T>(state, isInside, embedded ? HalfLogOfSides(manifold, x) : default);
    }

    private static ChartedPoint<T> FromClass(Manifold manifold, Variable<T> x, bool embedded)
    {
        var k = manifold.Dimension;
        if (!embedded)
        {
            var isClass = Both(x.Floor().Equal(x), Both(Constant(x, T.Zero).LessOrEqual(x), x.LessOrEqual(Constant(x, T.CreateTruncating(k - 1)))));
            return Guard(x, isClass, T.Zero, default);
        }

        var index = (x * Classes(x.Tape!, k)).SumColumns();
        var isOneHot = Both(
            All(x.Equal(Constant(x, T.Zero)).Max(x.Equal(Constant(x, T.One)))), x.SumColumns().Equal(Constant(x, T.One)));
        return Guard(index, isOneHot, T.Zero, default);
    }

    private static Variable<T> Classes(Tape<T> tape, int count)
    {
        Span<T> classes = stackalloc T[count];
        for (var k = 0; k < count; k++)
            classes[k] = T.CreateTruncating(k);
        return tape.Constant(classes);
    }

    private static ChartedPoint<T> Guard(Variable<T> x, Variable<T> isInside, T standIn, Variable<T> logMeasure) =>
        new(isInside.Where(x, Constant(x, standIn)), isInside, logMeasure);

    private static Variable<T> Within(Manifold manifold, Variable<T> state)
    {
        var (lower, upper) = (T.CreateTruncating(manifold.Lower), T.CreateTruncating(manifold.Upper));
        return ((state * (upper - lower)) + lower).Min(Constant(state, upper));
    }

    // (1 − Σx, x_1, ..., x_d).
    private static Variable<T> Barycentric(Manifold manifold, Variable<T> state)
    {
        var d = manifold.Dimension;
        var point = state.Tape!.Allocate(d + 1);
        var rest = default(Variable<T>);
        for (var i = 0; i < d; i++)
        {
            var (v, w) = (state.Slice(i, 1), state.Slice(d + i, 1));
            state.Tape!.CopyInto(rest.IsNone ? v : rest * v, point.Slice(i + 1, 1));
            rest = rest.IsNone ? w : rest * w;
        }

        state.Tape!.CopyInto(rest, point.Slice(0, 1));
        return point;
    }

    // The simplex of side √2 in R^(d+1) has √(d + 1) times the volume of its projection.
    private static Variable<T> HalfLogOfSides(Manifold manifold, Variable<T> like) =>
        Constant(like, T.CreateTruncating(-0.5 * Math.Log(manifold.Dimension + 1)));

    // φ in [0, 2π) of an angle in [−π, π].
    private static Variable<T> Azimuth(Variable<T> angle)
    {
        var positive = angle.Less(Constant(angle, T.Zero)).Where(angle + _turn, angle);
        return positive.Less(Constant(angle, _turn)).Where(positive, Constant(angle, T.Zero));
    }

    /// <summary>1 where both coordinates across the axis are 0.</summary>
    public static Variable<T> IsPole(Variable<T> x, Variable<T> y) => (x.Abs() + y.Abs()).LessOrEqual(Constant(x, T.Zero));

    private static Variable<T> IsNearOne(Variable<T> value) => (value - T.One).Abs().LessOrEqual(Constant(value, _tolerance));

    /// <summary>1 in rows where all columns of a mask are 1.</summary>
    public static Variable<T> All(Variable<T> mask) =>
        mask.Columns == 1 ? mask : mask.SumColumns().Equal(Constant(mask, T.CreateTruncating(mask.Columns)));

    /// <summary>1 where two masks are.</summary>
    public static Variable<T> Both(Variable<T> a, Variable<T> b) => a * b;

    private static Variable<T> Constant(Variable<T> like, T value) => like.Tape!.Constant(value);
}
