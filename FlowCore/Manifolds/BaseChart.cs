using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;

namespace FlowCore.Manifolds;

/// <summary>From the state on the base side to the Gaussian base point, and back.</summary>
/// <remarks>
/// On compact manifolds the image of the standard normal law is the uniform one, exactly, so densities never need the base point: it is a coordinate for
/// coverage and sampling. Boundary states have finite base points: probabilities are kept above the smallest normal number, whose quantile is ±37.5 in double and ±12.9 in single.
/// </remarks>
internal static class BaseChart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T _half = T.CreateTruncating(0.5);
    private static readonly T _tiny = NumberLimits<T>.SmallestNormal;

    /// <summary>The base point of a state.</summary>
    /// <returns>[rows, <see cref="Manifold.BaseColumns"/>]; "no variable" of a category.</returns>
    public static Variable<T> ToBase(Manifold manifold, Variable<T> state) => manifold.Kind switch
    {
        ManifoldKind.Euclidean => state,
        ManifoldKind.Circle => OfAngle(state),
        ManifoldKind.Sphere => OfUnitVector(state),
        ManifoldKind.Interval => OfFraction(state),
        ManifoldKind.Simplex => OfSticks(manifold, state),
        _ => default,
    };

    /// <summary>The state of a base point; not for categories.</summary>
    public static Variable<T> FromBase(Manifold manifold, Variable<T> z) => manifold.Kind switch
    {
        ManifoldKind.Circle => ((-z.Abs()).NormalCdf() * T.Tau).CopySign(z),
        ManifoldKind.Sphere => ToUnitVector(z),
        ManifoldKind.Interval => z.NormalCdf(),
        ManifoldKind.Simplex => ToSticks(manifold, z),
        _ => z,
    };

    // With ψ in [−π, π]: z = −sign(ψ) Φ⁻¹(|ψ| / 2π); ψ = 0 counts as positive.
    private static Variable<T> OfAngle(Variable<T> psi)
    {
        var turned = ManifoldChart<T>.Turned(psi);
        var z = (turned.Abs() * (T.One / T.Tau)).Max(Constant(psi, _tiny)).Probit();
        return turned.Less(Constant(psi, T.Zero)).Where(z, -z);
    }

    // z = √(−2 ln U) in the direction of (n_x, n_y), U = (1 − n_z)/2.
    private static Variable<T> OfUnitVector(Variable<T> n)
    {
        var (x, y, z) = (n.Slice(0, 1), n.Slice(1, 1), n.Slice(2, 1));
        var isPole = ManifoldChart<T>.IsPole(x, y);
        var (safeX, safeY) = (isPole.Where(Constant(x, T.One), x), isPole.Where(Constant(y, T.Zero), y));
        var rho = safeX.Hypot(safeY);
        var (u, v) = Halves(x, y, z);
        var isUpper = u.Less(v);
        var logU = isUpper.Where(
            isUpper.Where(u, Constant(x, _half)).Max(Constant(x, _tiny)).Log(), (-isUpper.Where(Constant(x, _half), v)).Log1p());
        var r = (logU * T.CreateTruncating(-2)).Max(Constant(x, _tiny)).Sqrt();
        return VariableFunctions.Concatenate(r * (safeX / rho), r * (safeY / rho));
    }

    /// <summary>U = (1 − n_z)/2 and V = (1 + n_z)/2 without cancellation: of the smaller one by n_x² + n_y².</summary>
    public static (Variable<T> U, Variable<T> V) Halves(Variable<T> x, Variable<T> y, Variable<T> z)
    {
        var across = x.Square() + y.Square();
        var isUpper = Constant(z, T.Zero).Less(z);
        var (larger, two) = ((z.Abs() + T.One) * _half, T.CreateTruncating(4));
        var smaller = across / (larger * two);
        return (isUpper.Where(smaller, larger), isUpper.Where(larger, smaller));
    }

    private static Variable<T> OfFraction(Variable<T> u)
    {
        var isLower = u.Less(Constant(u, _half));
        var z = isLower.Where(u, T.One - u).Max(Constant(u, _tiny)).Probit();
        return isLower.Where(z, -z);
    }

    // 1 − (1 − v_i)^m = Φ(z_i), m = d − i + 1: of the smaller of both probabilities.
    private static Variable<T> OfSticks(Manifold manifold, Variable<T> state)
    {
        var d = manifold.Dimension;
        var logSurvival = LogOfRest(state.Slice(0, d), state.Slice(d, d)) * Exponents(state.Tape!, d);
        var isUpper = logSurvival.Less(Constant(state, -T.Log(T.One + T.One)));
        var lowest = T.Log(_tiny);
        var upper = isUpper.Where(logSurvival, Constant(state, -T.One)).Max(Constant(state, lowest)).ProbitOfLog();
        var lower = (-isUpper.Where(Constant(state, -T.One), logSurvival)).Max(Constant(state, _tiny)).Log1mexp().ProbitOfLog();
        return isUpper.Where(-upper, lower);
    }

    /// <summary>ln(1 − v) of sticks.</summary>
    public static Variable<T> LogOfRest(Variable<T> v, Variable<T> rest)
    {
        var isSmall = v.Less(Constant(v, _half));
        return isSmall.Where(
            (-isSmall.Where(v, Constant(v, T.Zero))).Log1p(), isSmall.Where(Constant(v, T.One), rest).Max(Constant(v, _tiny)).Log());
    }

    private static Variable<T> ToSticks(Manifold manifold, Variable<T> z)
    {
        var logRest = (-z).LogNormalCdf() / Exponents(z.Tape!, manifold.Dimension);
        return VariableFunctions.Concatenate(-logRest.Expm1(), logRest.Exp());
    }

    // U = e^(−q), V = 1 − e^(−q), q = |z|²/2; ρ/|z| = √(2 U V/q), where V/q goes to 1.
    private static Variable<T> ToUnitVector(Variable<T> z)
    {
        var q = (z.Square().SumColumns() * _half).Max(Constant(z, _tiny));
        var (u, v) = ((-q).Exp(), -(-q).Expm1());
        var scale = (u * (v / q) * (T.One + T.One)).Sqrt();
        var isUpper = u.Less(v);
        var height = isUpper.Where(T.One - (u + u), (v + v) - T.One);
        return VariableFunctions.Concatenate(z * scale, height);
    }

    private static Variable<T> Exponents(Tape<T> tape, int d)
    {
        Span<T> exponents = stackalloc T[d];
        for (var i = 0; i < d; i++)
            exponents[i] = T.CreateTruncating(d - i);
        return tape.Constant(exponents);
    }

    private static Variable<T> Constant(Variable<T> like, T value) => like.Tape!.Constant(value);
}
