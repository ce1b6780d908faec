using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>
/// The error function, the normal distribution function, its logarithm, and their inverses.
/// Errors in units in the last place: see the table in docs/numerics.md. Everything stands on one smooth function, the scaled tail
/// M(z) = e^(z²/2) Q(z) with Q the upper tail of the standard normal distribution (Mills' ratio without its factor √(2π)).
/// </content>
internal static partial class LaneMath<V, T>
{
    /// <summary>1 / √(2π).</summary>
    private const double Density0 = 0.3989422804014327;

    /// <summary>√(2π).</summary>
    private const double SqrtTwoPi = 2.5066282746310002;

    /// <summary>The scaled tail M(z) = e^(z²/2) Q(z) for z ≥ 0, up to ∞ exclusive.</summary>
    /// <remarks>
    /// (1 + 1.25 z) M(z) is nearly constant, so a polynomial in (z − k) / (z + k), which maps the half line to [−1, 1], needs no care with
    /// the rounding of its argument (the variable of Shepherd and Laframboise 1981).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ScaledTail(V z)
    {
        var pole = C(3.5f, 4.5);
        var q = (z - pole) / (z + pole);
        V p;
        if (V.IsSingle)
        {
            p = V.FusedMultiplyAdd(F(-2.92343575e-05f), q, F(-2.09475398e-05f));
            p = V.FusedMultiplyAdd(p, q, F(0.00025959715f));
            p = V.FusedMultiplyAdd(p, q, F(0.000144764905f));
            p = V.FusedMultiplyAdd(p, q, F(-0.00186866767f));
            p = V.FusedMultiplyAdd(p, q, F(0.00067739435f));
            p = V.FusedMultiplyAdd(p, q, F(0.0133634509f));
            p = V.FusedMultiplyAdd(p, q, F(-0.0425872911f));
            p = V.FusedMultiplyAdd(p, q, F(0.0629695663f));
            p = V.FusedMultiplyAdd(p, q, F(-0.0304801962f));
            p = V.FusedMultiplyAdd(p, q, F(-0.0753557895f));
            p = V.FusedMultiplyAdd(p, q, F(0.5716052f));
        }
        else
        {
            p = V.FusedMultiplyAdd(D(6.173720962357445e-10), q, D(9.181860504455721e-10));
            p = V.FusedMultiplyAdd(p, q, D(-6.051289341211473e-09));
            p = V.FusedMultiplyAdd(p, q, D(-1.1524074974718201e-08));
            p = V.FusedMultiplyAdd(p, q, D(3.290370161674918e-08));
            p = V.FusedMultiplyAdd(p, q, D(8.608249318645798e-08));
            p = V.FusedMultiplyAdd(p, q, D(-1.4793739410531773e-07));
            p = V.FusedMultiplyAdd(p, q, D(-5.382726070447405e-07));
            p = V.FusedMultiplyAdd(p, q, D(7.317732316858729e-07));
            p = V.FusedMultiplyAdd(p, q, D(3.217801587333382e-06));
            p = V.FusedMultiplyAdd(p, q, D(-4.966730378339653e-06));
            p = V.FusedMultiplyAdd(p, q, D(-1.86673333122646e-05));
            p = V.FusedMultiplyAdd(p, q, D(4.5848788512071154e-05));
            p = V.FusedMultiplyAdd(p, q, D(8.575511966433121e-05));
            p = V.FusedMultiplyAdd(p, q, D(-0.0004669224567563197));
            p = V.FusedMultiplyAdd(p, q, D(0.00022314120055090902));
            p = V.FusedMultiplyAdd(p, q, D(0.0034578015953936623));
            p = V.FusedMultiplyAdd(p, q, D(-0.014297049436945389));
            p = V.FusedMultiplyAdd(p, q, D(0.032305219246179434));
            p = V.FusedMultiplyAdd(p, q, D(-0.048096791388323755));
            p = V.FusedMultiplyAdd(p, q, D(0.04308649630081171));
            p = V.FusedMultiplyAdd(p, q, D(-0.0003826906305002578));
            p = V.FusedMultiplyAdd(p, q, D(-0.07908516279848873));
            p = V.FusedMultiplyAdd(p, q, D(0.5618224727141773));
        }

        return p / V.FusedMultiplyAdd(C(1.25f, 1.25), z, C(1f, 1.0));
    }

    /// <summary>e^(−z²/2) for any z.</summary>
    /// <remarks>z² = square + rest exactly; the rest enters to first order, so the far tail keeps its relative precision.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Gaussian(V z)
    {
        var x = Bounded(z);
        var minusHalf = C(-0.5f, -0.5);
        var square = x * x;
        var rest = V.FusedMultiplyAdd(x, x, -square);
        var e = Exp(minusHalf * square);
        return V.FusedMultiplyAdd(e, minusHalf * rest, e);
    }

    /// <summary>Φ(a) with its lower tail to the last places, where <see cref="NormalCdf(V)"/> is cheaper and brings the density.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V NormalProbability(V a)
    {
        var z = Bounded(a);
        var tail = Gaussian(z) * ScaledTail(z);
        return V.Select(V.LessThan(a, C(0f, 0.0)), tail, C(1f, 1.0) - tail);
    }

    /// <summary>erfc a = 1 − erf a, with its relative precision until it underflows.</summary>
    /// <remarks>erfc a = 2 e^(−a²) M(√2 a) for a ≥ 0, and 2 less that of −a below.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Erfc(V a)
    {
        var tail = ErrorTail(a);
        return V.Select(V.LessThan(a, C(0f, 0.0)), C(2f, 2.0) - tail, tail);
    }

    /// <summary>erf a = 2/√π ∫₀ᵃ e^(−t²) dt.</summary>
    /// <remarks>a + a·P(a²) up to 1 in magnitude, from there 1 − erfc.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Erf(V a)
    {
        var one = C(1f, 1.0);
        var x = V.Abs(a);
        var far = one - ErrorTail(a);
        far = V.Select(V.LessThan(a, C(0f, 0.0)), -far, far);

        // Beyond 1 the polynomial is not looked at and must only not overflow.
        var near = V.LessThanOrEqual(x, one);
        var s = V.Select(near, a, one);
        var w = s * s;
        V p;
        if (V.IsSingle)
        {
            p = V.FusedMultiplyAdd(F(7.87587487e-05f), w, F(-0.00080168643f));
            p = V.FusedMultiplyAdd(p, w, F(0.00518908724f));
            p = V.FusedMultiplyAdd(p, w, F(-0.0268542115f));
            p = V.FusedMultiplyAdd(p, w, F(0.112835944f));
            p = V.FusedMultiplyAdd(p, w, F(-0.37612626f));
            p = V.FusedMultiplyAdd(p, w, F(0.128379166f));
        }
        else
        {
            p = V.FusedMultiplyAdd(D(5.957176147748911e-11), w, D(-1.1372848856791674e-09));
            p = V.FusedMultiplyAdd(p, w, D(1.4659775274047436e-08));
            p = V.FusedMultiplyAdd(p, w, D(-1.6350312701054695e-07));
            p = V.FusedMultiplyAdd(p, w, D(1.6461000484121368e-06));
            p = V.FusedMultiplyAdd(p, w, D(-1.4925595266831182e-05));
            p = V.FusedMultiplyAdd(p, w, D(0.0001205533111164271));
            p = V.FusedMultiplyAdd(p, w, D(-0.000854832698083379));
            p = V.FusedMultiplyAdd(p, w, D(0.0052239776248180145));
            p = V.FusedMultiplyAdd(p, w, D(-0.026866170645076792));
            p = V.FusedMultiplyAdd(p, w, D(0.11283791670954879));
            p = V.FusedMultiplyAdd(p, w, D(-0.3761263890318375));
            p = V.FusedMultiplyAdd(p, w, D(0.1283791670955126));
        }

        return V.Select(near, V.FusedMultiplyAdd(s, p, s), far);
    }

    /// <summary>e^(−a²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ErrorGaussian(V a)
    {
        var x = Bounded(a);
        var square = x * x;
        var rest = V.FusedMultiplyAdd(x, x, -square);
        var e = Exp(-square);
        return V.FusedMultiplyAdd(e, -rest, e);
    }

    /// <summary>ln Φ(a): −a²/2 + ln M(−a) below 0, ln(1 − Q(a)) above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V LogNormalCdf(V a)
    {
        // z² is finite up to the limit; beyond, the result overflows.
        var limit = C(1.8e19f, 1.3e154);
        var z = V.Abs(a);
        z = V.Select(V.LessThan(limit, z), limit, z);
        var minusHalf = C(-0.5f, -0.5);
        var square = z * z;
        var rest = V.FusedMultiplyAdd(z, z, -square);
        var scaled = ScaledTail(z);
        var lower = V.FusedMultiplyAdd(minusHalf, square, V.FusedMultiplyAdd(minusHalf, rest, Log(scaled)));
        lower = V.Select(V.LessThan(a, -limit), C(float.NegativeInfinity, double.NegativeInfinity), lower);
        var upper = Log1p(-(Gaussian(z) * scaled));
        return V.Select(V.LessThan(a, C(0f, 0.0)), lower, upper);
    }

    /// <summary>φ(a) / Φ(a), the derivative of ln Φ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V NormalHazard(V a)
    {
        var z = FiniteMagnitude(a);
        var scaled = ScaledTail(z);
        var gaussian = Gaussian(z);
        var density = C((float)Density0, Density0);
        var upper = density * gaussian / V.FusedMultiplyAdd(-gaussian, scaled, C(1f, 1.0));
        return V.Select(V.LessThan(a, C(0f, 0.0)), density / scaled, upper);
    }

    /// <summary>φ(z) / Q(z) − z for z ≥ 0: what the hazard is above its asymptote.</summary>
    /// <remarks>
    /// From the limit on by Laplace's continued fraction 1 / (z + 2 / (z + 3 / (z + …))), as the difference cancels there.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V HazardExcess(V z)
    {
        var one = C(1f, 1.0);
        var near = V.LessThan(z, C(6f, 12.0));
        var difference = (C((float)Density0, Density0) / ScaledTail(z)) - z;
        var x = V.Select(near, one, z);
        var numerator = C(9f, 9.0);
        var fraction = x;
        for (var i = 0; i < 8; i++)
        {
            fraction = x + (numerator / fraction);
            numerator -= one;
        }

        return V.Select(near, difference, one / fraction);
    }

    /// <summary>Φ⁻¹(p): ∓∞ at 0 and 1, NaN outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Probit(V a)
    {
        // Both differences are exact where they are used.
        var half = C(0.5f, 0.5);
        var q = a - half;
        var smaller = V.Select(V.LessThan(a, half), a, C(1f, 1.0) - a);
        return Quantile(q, Log(smaller));
    }

    /// <summary>Q(a) = Φ⁻¹(e^a) of a log-probability: −∞ at −∞, +∞ at 0, NaN above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ProbitOfLog(V a)
    {
        // e^a − ½ = ½ (e^(a + ln 2) − 1), with ln 2 in two parts; near the zero at −ln 2 the sum is exact.
        var q = C(0.5f, 0.5) * Expm1((a + C(0.693147182f, 0.6931471805599453)) + C(-1.90465421e-09f, 2.3190468138462996e-17));
        return Quantile(q, V.Select(V.LessThan(q, C(0f, 0.0)), a, Log1mexp(-a)));
    }

    /// <summary>√(2π) M(|y|) / min(p, 1 − p) = 1 / φ(y): the derivative of <see cref="Probit"/> at p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ProbitDerivative(V p, V y)
    {
        var rest = C(1f, 1.0) - p;
        return C((float)SqrtTwoPi, SqrtTwoPi) * ScaledTail(FiniteMagnitude(y)) / V.Select(V.LessThan(p, rest), p, rest);
    }

    /// <summary>e^(a + y²/2) √(2π), the derivative of <see cref="ProbitOfLog"/>, as the reciprocal hazard below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ProbitOfLogDerivative(V a, V y)
    {
        var reciprocal = C((float)SqrtTwoPi, SqrtTwoPi) * ScaledTail(FiniteMagnitude(y));
        return V.Select(V.LessThan(y, C(0f, 0.0)), reciprocal, reciprocal * (Exp(a) / -Expm1(a)));
    }

    /// <summary>The second derivative of <see cref="ProbitOfLog"/>, d (1 + y d) with d the first.</summary>
    /// <remarks>Below 0, where d = 1 / hazard(−y), the bracket is d·(hazard(−y) + y), which must not be formed by a difference.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ProbitOfLogSecondDerivative(V a, V y)
    {
        var d = ProbitOfLogDerivative(a, y);
        return d * V.Select(V.LessThan(y, C(0f, 0.0)), d * HazardExcess(FiniteMagnitude(y)), V.FusedMultiplyAdd(y, d, C(1f, 1.0)));
    }

    /// <summary>Φ⁻¹ of p = ½ + q, given the logarithm of the smaller of p and 1 − p. Up to |q| = ¼ q·P(q²); beyond, the tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Quantile(V q, V logTail)
    {
        var r = q * q;
        V p;
        if (V.IsSingle)
        {
            p = V.FusedMultiplyAdd(F(297.141876f), r, F(35.2186775f));
            p = V.FusedMultiplyAdd(p, r, F(16.0748463f));
            p = V.FusedMultiplyAdd(p, r, F(5.7663722f));
            p = V.FusedMultiplyAdd(p, r, F(2.62496853f));
            p = V.FusedMultiplyAdd(p, r, F(2.50662827f));
        }
        else
        {
            p = V.FusedMultiplyAdd(D(5092324.257909423), r, D(-688003.2842454818));
            p = V.FusedMultiplyAdd(p, r, D(187698.85750649808));
            p = V.FusedMultiplyAdd(p, r, D(12486.824228651403));
            p = V.FusedMultiplyAdd(p, r, D(6269.488419932261));
            p = V.FusedMultiplyAdd(p, r, D(1677.0623538025839));
            p = V.FusedMultiplyAdd(p, r, D(496.55444315162407));
            p = V.FusedMultiplyAdd(p, r, D(149.8256978377527));
            p = V.FusedMultiplyAdd(p, r, D(47.03582567885779));
            p = V.FusedMultiplyAdd(p, r, D(15.667608752333882));
            p = V.FusedMultiplyAdd(p, r, D(5.772533539214898));
            p = V.FusedMultiplyAdd(p, r, D(2.624934990953061));
            p = V.FusedMultiplyAdd(p, r, D(2.5066282746310007));
        }

        var tail = TailQuantile(logTail);
        tail = V.Select(V.LessThan(q, C(0f, 0.0)), -tail, tail);
        return V.Select(V.LessThanOrEqual(V.Abs(q), C(0.25f, 0.25)), q * p, tail);
    }

    // z with ln Q(z) = a for a ≤ ln ¼. With s = √(−2a) the start is a polynomial in (s − 8) / (s + 8) up to s = 9, beyond it the asymptotic
    // z² = s² − ln(2π (z² + 2)) with z² ≈ s² − ln(2π s²), that is, s² − ln(2π s²) − ln(1 − u), u = (ln(2π s²) − 2) / s² ≤ 0.06, to third order; one step of
    // Halley's method on ln Q, of third order, makes it exact. Not expanded where it is called: with what stands around it that is more than the compiler takes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V TailQuantile(V a)
    {
        var two = C(2f, 2.0);
        var logTwoPi = C(1.83787704f, 1.8378770664093453);
        var largest = C(3e38f, 1.6e308);
        var square = C(-2f, -2.0) * a;
        square = V.Select(V.LessThan(largest, square), largest, square);
        var s = V.Sqrt(square);
        var v = (s - C(8f, 8.0)) / (s + C(8f, 8.0));
        V p;
        if (V.IsSingle)
        {
            p = V.FusedMultiplyAdd(F(4.88473059f), v, F(11.1752178f));
            p = V.FusedMultiplyAdd(p, v, F(15.2826861f));
            p = V.FusedMultiplyAdd(p, v, F(15.6340142f));
            p = V.FusedMultiplyAdd(p, v, F(16.5241513f));
            p = V.FusedMultiplyAdd(p, v, F(7.62036882f));
        }
        else
        {
            p = V.FusedMultiplyAdd(D(-0.5340751533164095), v, D(2.982210848163556));
            p = V.FusedMultiplyAdd(p, v, D(9.221684578437593));
            p = V.FusedMultiplyAdd(p, v, D(14.20906728825197));
            p = V.FusedMultiplyAdd(p, v, D(15.536691487582665));
            p = V.FusedMultiplyAdd(p, v, D(16.22723111573046));
            p = V.FusedMultiplyAdd(p, v, D(15.703258345127477));
            p = V.FusedMultiplyAdd(p, v, D(16.522035958881883));
            p = V.FusedMultiplyAdd(p, v, D(7.620199088177154));
        }

        var logSquare = Log(square) + logTwoPi;
        var u = (logSquare - two) / square;
        var far = V.Sqrt(square - logSquare + (u * V.FusedMultiplyAdd(V.FusedMultiplyAdd(C(0.333333343f, 1.0 / 3), u, C(0.5f, 0.5)), u, C(1f, 1.0))));
        var z = V.Select(V.LessThan(s, C(9f, 9.0)), p, far);

        // (ln Q(z) − a) / hazard(z), and the excess of the hazard, which is the curvature.
        var minusHalf = C(-0.5f, -0.5);
        var zz = z * z;
        var rest = V.FusedMultiplyAdd(z, z, -zz);
        var scaled = ScaledTail(z);
        var overHazard = scaled * C((float)SqrtTwoPi, SqrtTwoPi);
        var difference = V.FusedMultiplyAdd(minusHalf, zz, -a) + V.FusedMultiplyAdd(minusHalf, rest, Log(scaled));
        var newton = difference * overHazard;
        var curvature = (C(1f, 1.0) / overHazard) - z;
        var result = z + (newton / V.FusedMultiplyAdd(newton * C(0.5f, 0.5), curvature, C(1f, 1.0)));
        return V.Select(V.Equal(a, C(float.NegativeInfinity, double.NegativeInfinity)), -a, result);
    }

    // 2 e^(−a²) M(√2 |a|) = erfc |a|.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErrorTail(V a)
    {
        var tail = ErrorGaussian(a) * ScaledTail(Bounded(a) * C(1.41421354f, 1.4142135623730951));
        return tail + tail;
    }

    // |a|, up to where the tails have long underflowed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bounded(V a)
    {
        var limit = C(15f, 40.0);
        var z = V.Abs(a);
        return V.Select(V.LessThan(limit, z), limit, z);
    }

    // |a|, ∞ replaced by a large number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V FiniteMagnitude(V a)
    {
        var limit = C(1e37f, 1e300);
        var z = V.Abs(a);
        return V.Select(V.LessThan(limit, z), limit, z);
    }
}
