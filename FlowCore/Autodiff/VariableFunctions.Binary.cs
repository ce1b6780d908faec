using System.Numerics;

namespace FlowCore.Autodiff;

/// <content>Functions of two numbers, masks, and the choice between two numbers; repeated operands as in <see cref="BinaryOperation{T}"/>.</content>
public static partial class VariableFunctions
{
    /// <summary>A function of the list.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand.</param>
    /// <param name="function">The function.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    /// <exception cref="ArgumentNullException">There is no function.</exception>
    public static Variable<T> Apply<T>(this Variable<T> a, BinaryFunction function, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BinaryOperation<T>.Of(function).Apply(a, b);

    /// <summary>The larger of two numbers.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand; gets the adjoint where both are equal.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> Max<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        a.Apply(BinaryFunction.Max, b);

    /// <summary>The smaller of two numbers.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand; gets the adjoint where both are equal.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> Min<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        a.Apply(BinaryFunction.Min, b);

    /// <summary>a^b for a ≥ 0, with 0^0 = 1.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The base; NaN results where it is negative.</param>
    /// <param name="b">The exponent.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> Power<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        a.Apply(BinaryFunction.Power, b);

    /// <summary>The angle of the point (x, y) in (−π, π].</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="y">The ordinate.</param>
    /// <param name="x">The abscissa.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> Atan2<T>(this Variable<T> y, Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        y.Apply(BinaryFunction.Atan2, x);

    /// <summary>√(a² + b²), without overflow of the squares.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> Hypot<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        a.Apply(BinaryFunction.Hypot, b);

    /// <summary>|a| with the sign of b.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The magnitude.</param>
    /// <param name="b">The sign; gets no adjoint.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> CopySign<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        a.Apply(BinaryFunction.CopySign, b);

    /// <summary>The mask of a &lt; b: 1 or 0, without adjoints.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> Less<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        a.Apply(BinaryFunction.Less, b);

    /// <summary>The mask of a ≤ b: 1 or 0, without adjoints.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> LessOrEqual<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        a.Apply(BinaryFunction.LessOrEqual, b);

    /// <summary>The mask of a = b: 1 or 0, without adjoints.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result, of the shape of both after repeating.</returns>
    public static Variable<T> Equal<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        a.Apply(BinaryFunction.Equal, b);

    /// <summary>a where the mask is not 0, else b; the operand that is not taken gets an adjoint of exactly 0 (see <see cref="SelectOperation{T}"/>).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="mask">The mask, as <see cref="Less"/> makes it.</param>
    /// <param name="a">The operand where the mask is set.</param>
    /// <param name="b">The operand where it is not.</param>
    /// <returns>The result, of the shape of all three after repeating.</returns>
    public static Variable<T> Where<T>(this Variable<T> mask, Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SelectOperation<T>.Instance.Apply(mask, a, b);
}
