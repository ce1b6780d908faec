using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// The monotonic rational-quadratic spline inside one bin, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference,
/// with a register one event a lane.
/// </summary>
/// <remarks>
/// <para>
/// Durkan, Bekasov, Murray and Papamakarios 2019, "Neural Spline Flows", equations 4 to 8, with slopes relative to the mean
/// slope s = h / w of the bin: a bin has the corners (x0, y0) and (x1, y1), width w, height h, and slopes s a0, s a1 at its
/// ends. With r = (x − x0) / w, κ = a0 + a1 − 2 and t = r(1 − r):
/// (y − y0) / h = r (r + a0 (1 − r)) / (1 + κ t), dy/dx = s (2t + a0 (1 − r)² + a1 r²) / (1 + κ t)².
/// </para>
/// <para>
/// The bin is symmetric under an exchange of its ends. So positions are measured from the nearer one, where they have the
/// relative precision of a difference of neighbouring numbers; "near" is that position, and a mask says whether it counts
/// from the upper end. Nothing is subtracted in 1 + κ t: as κ &gt; −2 and t ≤ ¼ it is at least ½.
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

    /// <summary>Adds to a sum and keeps what the rounding loses (Knuth's two-sum).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Add(V sum, V term, ref V lost)
    {
        var result = sum + term;
        var back = result - sum;
        lost += (sum - (result - back)) + (term - back);
        return result;
    }

    /// <summary>1 / (sum + lost) as a number and what it lacks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Reciprocal(V sum, V lost, out V rest)
    {
        var one = V.Create(T.One);
        var reciprocal = one / sum;
        rest = V.FusedMultiplyAdd(-reciprocal, lost, V.FusedMultiplyAdd(-reciprocal, sum, one)) * reciprocal;
        return reciprocal;
    }

    /// <summary>An exponential as a part of the sum, with the two numbers of <see cref="Reciprocal"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Share(V exponential, V reciprocal, V rest) => V.FusedMultiplyAdd(exponential, reciprocal, exponential * rest);

    /// <summary>The part of an interval between an argument and the nearer end, and which one that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Near(V x, V low, V high, V size, out V mirrored)
    {
        var below = x - low;
        var above = high - x;
        mirrored = V.LessThan(above, below);
        return V.Select(mirrored, above, below) / size;
    }

    /// <summary>What <see cref="Near"/> was taken of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V FromNear(V near, V mirrored, V low, V high, V size) =>
        V.FusedMultiplyAdd(V.Select(mirrored, -near, near), size, V.Select(mirrored, high, low));

    /// <summary>The part of the height between the value and the end from which the position is measured, and dy/dx.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Value(V near, V mirrored, V w, V h, V d0, V d1, out V derivative)
    {
        var one = V.Create(T.One);
        var far = one - near;
        var t = near * far;
        Relative(mirrored, w, h, d0, d1, out var nearSlope, out var farSlope, out var bend);
        var overQ = one / V.FusedMultiplyAdd(bend, t, one);
        var m = V.FusedMultiplyAdd(nearSlope * far, far, V.FusedMultiplyAdd(farSlope * near, near, t + t));

        // In this order nothing overflows that need not.
        derivative = (h / w) * (m * overQ) * overQ;
        return near * V.FusedMultiplyAdd(nearSlope, far, near) * overQ;
    }

    /// <summary>The inverse of <see cref="Value"/>: the position, from the same end, of a value at v ≤ ½ of the height from there.</summary>
    /// <remarks>
    /// The root in [0, 1] of (1 − b) r² + b r − v with b = a − v κ, a the relative slope at that end. As v ≤ ½ the discriminant
    /// b² + 4 (1 − b) v is at least b² / 2 and does not cancel. Of the two forms of the root, 2v / (b + √) cancels where b &lt; 0 and
    /// (√ − b) / 2(1 − b) where b &gt; 0; each is used where it does not.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Position(V v, V mirrored, V w, V h, V d0, V d1)
    {
        var zero = V.Create(T.Zero);
        var one = V.Create(T.One);
        var two = one + one;
        Relative(mirrored, w, h, d0, d1, out var nearSlope, out _, out var bend);
        var b = V.FusedMultiplyAdd(-v, bend, nearSlope);
        var a = one - b;
        var twoV = v + v;
        var root = V.Sqrt(V.FusedMultiplyAdd(b, b, two * a * twoV));
        var falling = V.LessThan(b, zero);
        var r = V.Select(falling, root - b, twoV) / V.Select(falling, a + a, b + root);
        return V.Select(V.LessThan(one, r), one, r);
    }

    /// <summary>
    /// The adjoints of what a bin is made of, for y with adjoint gy and ln dy/dx with adjoint gl; for the inverse direction
    /// gy belongs to the solution x and gl to −ln dy/dx.
    /// </summary>
    /// <remarks>
    /// <para>
    /// By parts, with r from the lower end, Q = s + (d0 + d1 − 2s) t, N = s r² + d0 t and M = 2 s t + d0 (1 − r)² + d1 r²:
    /// ∂y/∂r = w dy/dx, ∂y/∂s = h t (d1 r² − d0 (1 − r)²) / Q², ∂y/∂h = N / Q, ∂y/∂d0 = h t (1 − N/Q) / Q,
    /// ∂y/∂d1 = −h t (N/Q) / Q; and of ln dy/dx = 2 ln s + ln M − 2 ln Q in the same variables.
    /// </para>
    /// <para>
    /// Inverse, by implicit differentiation at the solution: with ḡ = gy − gl ∂(ln dy/dx)/∂x the argument gets
    /// ḡ / (dy/dx), and the parameters get what the forward direction gives them for −ḡ / (dy/dx) and −gl.
    /// </para>
    /// </remarks>
    /// <param name="inverse">Which direction.</param>
    /// <param name="near">The position in the bin, from the nearer end.</param>
    /// <param name="mirrored">Whether that is the upper one.</param>
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
        bool inverse, V near, V mirrored, V w, V h, V d0, V d1, V gy, V gl, out V dx, out V gx0, out V gw, out V gy0, out V gh, out V gd0, out V gd1)
    {
        var one = V.Create(T.One);
        var two = one + one;
        var overW = one / w;
        var s = h * overW;
        var far = one - near;
        var r = V.Select(mirrored, far, near);
        var u = V.Select(mirrored, near, far);
        var t = near * far;
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

    // The relative slopes at the nearer and the farther end, and κ.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Relative(V mirrored, V w, V h, V d0, V d1, out V nearSlope, out V farSlope, out V bend)
    {
        var over = w / h;
        nearSlope = over * V.Select(mirrored, d1, d0);
        farSlope = over * V.Select(mirrored, d0, d1);
        var one = V.Create(T.One);
        bend = nearSlope + farSlope - (one + one);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Square(V a) => a * a;
}
