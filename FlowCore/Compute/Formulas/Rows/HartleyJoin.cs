using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// A step of the fast Hartley transform: c[k + m l] = Σ_q cos(θ) a_q[k] + sin(θ) a_q[−k], θ = 2π q (k + m l) / (p m), where a_q are the p transforms
/// of m numbers that are joined. Item i is an outer index, a frequency k &lt; m and a remainder; it makes p numbers for each inner index.
/// </summary>
/// <remarks>
/// The rule of the sum of angles, cas(α + β) = cos α cas β + sin α cas(−β) with cas = cos + sin (R. N. Bracewell, "Discrete Hartley transform", 1983),
/// makes every step real. The order is that of Stockham: frequencies come out in their places, and no number is exchanged.
/// a: the numbers so far, b: the table, c: the result.
/// </remarks>
internal readonly struct HartleyJoin<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var (length, done, radix, stride) = (shape.Rows, shape.Inner, shape.Radix, shape.Columns);
        var rest = length / (done * radix);
        var outer = item / (length / radix);
        var place = item - (outer * (length / radix));
        var k = place / rest;
        var remainder = place - (k * rest);
        var mirror = k == 0 ? 0 : done - k;
        var start = outer * length * stride;
        var from = start + (((k * radix * rest) + remainder) * stride);
        var back = start + (((mirror * radix * rest) + remainder) * stride);
        var to = start + (((k * rest) + remainder) * stride);
        var (step, leap, angle) = (rest * stride, done * rest * stride, k * rest);
        for (var i = 0; i < stride; i++)
        {
            if (radix == 4)
                Four(shape, angle, from + i, back + i, step, to + i, leap, a, b, c);
            else if (radix == 2)
                Two(shape, angle, from + i, back + i, step, to + i, leap, a, b, c);
            else
                Any(shape, angle, from + i, back + i, step, to + i, leap, a, b, c);
        }
    }

    // The angle of the second result is that of the first and π.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(in RowShape shape, int angle, int from, int back, int step, int to, int leap, C a, C b, C c)
    {
        var first = a.Load(from);
        var second = Turned(shape, angle, from + step, back + step, a, b);
        c.Store(to, first + second);
        c.Store(to + leap, first - second);
    }

    // The angles of q grow by q π/2 from a result to the next: with u as for the first, a quarter turn makes v = cos a[−k] − sin a[k] of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(in RowShape shape, int angle, int from, int back, int step, int to, int leap, C a, C b, C c)
    {
        var first = a.Load(from);
        var u1 = Turned(shape, angle, from + step, back + step, a, b);
        var v1 = Quarter(shape, angle, from + step, back + step, a, b);
        var u2 = Turned(shape, 2 * angle, from + (2 * step), back + (2 * step), a, b);
        var u3 = Turned(shape, 3 * angle, from + (3 * step), back + (3 * step), a, b);
        var v3 = Quarter(shape, 3 * angle, from + (3 * step), back + (3 * step), a, b);
        var (even, odd) = (first + u2, first - u2);
        c.Store(to, even + (u1 + u3));
        c.Store(to + leap, odd + (v1 - v3));
        c.Store(to + (2 * leap), even - (u1 + u3));
        c.Store(to + (3 * leap), odd - (v1 - v3));
    }

    private static void Any(in RowShape shape, int angle, int from, int back, int step, int to, int leap, C a, C b, C c)
    {
        for (var l = 0; l < shape.Radix; l++)
        {
            var sum = a.Load(from);
            var turn = angle + (l * (shape.Rows / shape.Radix));
            for (var q = 1; q < shape.Radix; q++)
                sum += Turned(shape, q * turn % shape.Rows, from + (q * step), back + (q * step), a, b);
            c.Store(to + (l * leap), sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Turned(in RowShape shape, int angle, int from, int back, C a, C b) => V.FusedMultiplyAdd(
        b.Load(shape.Start + angle), a.Load(from), b.Load(shape.Start + shape.Rows + angle) * a.Load(back));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quarter(in RowShape shape, int angle, int from, int back, C a, C b) =>
        (b.Load(shape.Start + angle) * a.Load(back)) - (b.Load(shape.Start + shape.Rows + angle) * a.Load(from));
}
