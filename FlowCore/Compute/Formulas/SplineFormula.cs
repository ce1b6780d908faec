using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// The monotonic rational-quadratic spline inside one bin, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference,
/// with a register one event a lane.
/// </summary>
/// <remarks>
/// <para>
/// Durkan, Bekasov, Murray and Papamakarios 2019, "Neural Spline Flows", equations 4 to 8. A bin has the corners (x0, y0) and
/// (x1, y1), width w = x1 − x0, height h = y1 − y0, mean slope s = h / w and derivatives d0, d1 at its ends. With
/// r = (x − x0) / w and t = r(1 − r):
/// Q = s + (d0 + d1 − 2s) t, N = s r² + d0 t, M = 2 s t + d0 (1 − r)² + d1 r², y = y0 + h N / Q, dy/dx = (s / Q)² M.
/// </para>
/// <para>
/// Raw parameters a are limited before use: a / (1 + |a|·rate). With L = |ln S| the rate is 2 / L for widths and heights
/// and 1 / L for derivatives, so that exponents stay within ±L/2 and ±L. Bins are softmaxes of the limited numbers.
/// Since these are bounded the softmax needs no maximum subtracted: its exponentials lie between √S and 1/√S.
/// </para>
/// </remarks>
internal static class SplineFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>a·f with f = 1 / (1 + |a|·rate); its derivative by a is f².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Limit(V raw, V rate, out V factor)
    {
        var one = V.Create(T.One);
        factor = one / V.FusedMultiplyAdd(V.Abs(raw), rate, one);
        return raw * factor;
    }

    /// <summary>The knot above a cumulative sum of exponentials: lower + sum · range / total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Knot(V sum, V scale, V lower) => V.FusedMultiplyAdd(sum, scale, lower);

    /// <summary>y and dy/dx at a position r of the bin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Value(V r, V w, V y0, V h, V d0, V d1, out V derivative)
    {
        var one = V.Create(T.One);
        var s = h / w;
        var u = one - r;
        var t = r * u;
        var q = Denominator(s, d0, d1, t);
        var square = r * r;
        derivative = Square(s / q) * Bend(s, d0, d1, t, u, square);
        return V.FusedMultiplyAdd(h, V.FusedMultiplyAdd(s, square, d0 * t) / q, y0);
    }

    /// <summary>The position r in [0, 1] at which the bin has the value y.</summary>
    /// <remarks>
    /// The smaller root of a r² + b r + c in the form that does not cancel (ibid., equations 6 to 8). Rounding may take a
    /// vanishing discriminant below zero and r out of its range; both are taken back.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Position(V y, V w, V y0, V h, V d0, V d1)
    {
        var zero = V.Create(T.Zero);
        var one = V.Create(T.One);
        var two = one + one;
        var s = h / w;
        var curvature = d0 + d1 - (two * s);
        var u = y - y0;
        var a = V.FusedMultiplyAdd(h, s - d0, u * curvature);
        var b = V.FusedMultiplyAdd(h, d0, -(u * curvature));
        var c = -(s * u);
        var discriminant = V.FusedMultiplyAdd(b, b, -((two + two) * a * c));
        discriminant = V.Select(V.LessThan(discriminant, zero), zero, discriminant);
        var r = (two * c) / (-b - V.Sqrt(discriminant));
        r = V.Select(V.LessThan(r, zero), zero, r);
        return V.Select(V.LessThan(one, r), one, r);
    }

    /// <summary>
    /// The adjoints of what a bin is made of, for y with adjoint gy and ln dy/dx with adjoint gl; for the inverse direction
    /// gy belongs to the solution x and gl to −ln dy/dx.
    /// </summary>
    /// <remarks>
    /// <para>
    /// By parts: ∂y/∂r = w dy/dx, ∂y/∂s = h t (d1 r² − d0 (1 − r)²) / Q², ∂y/∂h = N / Q, ∂y/∂d0 = h t (1 − N/Q) / Q,
    /// ∂y/∂d1 = −h t (N/Q) / Q; and of ln dy/dx = 2 ln s + ln M − 2 ln Q in the same variables.
    /// </para>
    /// <para>
    /// Inverse, by implicit differentiation at the solution: with ḡ = gy − gl ∂(ln dy/dx)/∂x the argument gets
    /// ḡ / (dy/dx), and the parameters get what the forward direction gives them for −ḡ / (dy/dx) and −gl.
    /// </para>
    /// </remarks>
    /// <param name="inverse">Which direction.</param>
    /// <param name="r">The position in the bin.</param>
    /// <param name="w">The width.</param>
    /// <param name="h">The height.</param>
    /// <param name="d0">The lower derivative.</param>
    /// <param name="d1">The upper derivative.</param>
    /// <param name="gy">The adjoint of the result.</param>
    /// <param name="gl">The adjoint of the log-derivative.</param>
    /// <param name="dx">The adjoint of the argument.</param>
    /// <param name="gx0">The adjoint of x0 with w held.</param>
    /// <param name="gw">The adjoint of w.</param>
    /// <param name="gy0">The adjoint of y0 with h held.</param>
    /// <param name="gh">The adjoint of h.</param>
    /// <param name="gd0">The adjoint of d0.</param>
    /// <param name="gd1">The adjoint of d1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Adjoint(
        bool inverse, V r, V w, V h, V d0, V d1, V gy, V gl, out V dx, out V gx0, out V gw, out V gy0, out V gh, out V gd0, out V gd1)
    {
        var one = V.Create(T.One);
        var two = one + one;
        var overW = one / w;
        var s = h * overW;
        var u = one - r;
        var t = r * u;
        var lower = d0 * u * u;
        var square = r * r;
        var upper = d1 * square;
        var m = V.FusedMultiplyAdd(two * s, t, lower + upper);
        var overM = one / m;
        var overQ = one / Denominator(s, d0, d1, t);
        var fraction = V.FusedMultiplyAdd(s, square, d0 * t) * overQ;
        var slope = Square(s * overQ) * m;

        // ∂(ln dy/dx)/∂r = M'/M − 2 Q'/Q.
        var tilt = one - (two * r);
        var mByR = two * (V.FusedMultiplyAdd(s, tilt, d1 * r) - (d0 * u));
        var qByR = (d0 + d1 - (two * s)) * tilt;
        var logByR = V.FusedMultiplyAdd(mByR, overM, -(two * qByR * overQ));
        dx = gy;
        if (inverse)
        {
            dx = (gy - (gl * logByR * overW)) / slope;
            gy = -dx;
            gl = -gl;
        }

        var gr = V.FusedMultiplyAdd(gy * slope, w, gl * logByR);
        if (!inverse)
            dx = gr * overW;
        var glTwoT = gl * two * t;
        var gyBend = gy * h * overQ * t;
        var gs = V.FusedMultiplyAdd(gyBend * overQ, upper - lower, glTwoT * overM);
        gs = V.FusedMultiplyAdd(two * gl, (one / s) - (V.FusedMultiplyAdd(-two, t, one) * overQ), gs);
        gx0 = -(gr * overW);
        gw = -(V.FusedMultiplyAdd(gs, s, gr * r) * overW);
        gy0 = gy;
        gh = V.FusedMultiplyAdd(gy, fraction, gs * overW);
        gd0 = V.FusedMultiplyAdd(gyBend, one - fraction, (gl * u * u * overM) - (glTwoT * overQ));
        gd1 = V.FusedMultiplyAdd(-gyBend, fraction, (gl * square * overM) - (glTwoT * overQ));
    }

    /// <summary>What multiplies the derivatives of the exponentials of the bins below the found one, of the found one, and of those above.</summary>
    /// <remarks>
    /// A knot is lower + range Σ p over the bins below, so the share p_j of a bin below the found one has adjoint range·g0, of
    /// the found one range·g1 and of those above zero. The softmax takes p_j (g_j − Σ g p) to the limited parameter, and with
    /// the exponentials e = p·total and scale = range / total it is one of three numbers that multiplies the derivative of
    /// e_j by its raw parameter. Where a share is m + (1 − K m) p, that derivative has the factor 1 − K m, and the mean Σ g p
    /// over the plain shares has it not.
    /// </remarks>
    /// <param name="g0">The adjoint of the lower corner with the size held.</param>
    /// <param name="g1">The adjoint of the size.</param>
    /// <param name="sum">The sum of the exponentials below the found bin.</param>
    /// <param name="part">The exponential of the found bin.</param>
    /// <param name="scale">range / total.</param>
    /// <param name="overRange">1 / ((1 − K m) range), with <paramref name="sum"/> and <paramref name="part"/> times 1 − K m.</param>
    /// <param name="below">For the bins below.</param>
    /// <param name="here">For the found bin.</param>
    /// <param name="above">For the bins above.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShareAdjoint(V g0, V g1, V sum, V part, V scale, V overRange, out V below, out V here, out V above)
    {
        var mean = V.FusedMultiplyAdd(g0, sum, g1 * part) * scale * (scale * overRange);
        below = V.FusedMultiplyAdd(g0, scale, -mean);
        here = V.FusedMultiplyAdd(g1, scale, -mean);
        above = -mean;
    }

    // Q.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Denominator(V s, V d0, V d1, V t) => V.FusedMultiplyAdd(d0 + d1 - (s + s), t, s);

    // M.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bend(V s, V d0, V d1, V t, V u, V square) => V.FusedMultiplyAdd(s + s, t, V.FusedMultiplyAdd(d0 * u, u, d1 * square));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Square(V a) => a * a;
}
