using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>The open ends of an axis: what lies beyond them has no image, and no result lands on them.</summary>
/// <remarks>
/// The ends are given in double. In T the open axis are the numbers from the least above the lower end to the greatest below the upper one, so what is inside is decided
/// exactly, also where the type does not have the end. NaN is neither inside nor outside and stays NaN.
/// </remarks>
internal static class OpenAxis
{
    /// <summary>The argument where it lies inside, a harmless point where it does not.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="axis">Where it should lie.</param>
    /// <param name="outside">The mask of numbers outside; "no variable" on the real line.</param>
    public static Variable<T> Take<T>(Variable<T> x, Axis axis, out Variable<T> outside)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        outside = default;
        if (axis.IsReal)
            return x;

        // The infinite end of a half-line is an end like the other: its image would be no number.
        var tape = x.Tape!;
        outside = x.Less(tape.Constant(Least<T>(axis.Lower))) + tape.Constant(Greatest<T>(axis.Upper)).Less(x);
        return outside.Where(tape.Constant(T.CreateTruncating(axis.Inside)), x);
    }

    /// <summary>ln of the slope where the argument lay inside, −∞ without a gradient where it did not.</summary>
    /// <param name="outside">The mask of <see cref="Take"/>.</param>
    /// <param name="logSlope">[rows, D], a block.</param>
    public static Variable<T> Mark<T>(Variable<T> outside, Variable<T> logSlope)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        outside.IsNone ? logSlope : outside.Where(outside.Tape!.Constant(T.NegativeInfinity), logSlope);

    /// <summary>The last step: a result that rounding put on an end or beyond goes to the nearest number inside, there without a gradient.</summary>
    /// <param name="y">[rows, D], a block.</param>
    /// <param name="axis">Where it should lie.</param>
    public static Variable<T> Round<T>(Variable<T> y, Axis axis)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (axis.IsReal)
            return y;
        var tape = y.Tape!;
        var (least, greatest) = (tape.Constant(Least<T>(axis.Lower)), tape.Constant(Greatest<T>(axis.Upper)));
        return y.Less(least).Where(least, greatest.Less(y).Where(greatest, y));
    }

    /// <summary>The least number of the type above an end.</summary>
    internal static T Least<T>(double lower)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var number = T.CreateTruncating(lower);
        while (double.CreateTruncating(number) <= lower)
            number = T.BitIncrement(number);
        return number;
    }

    /// <summary>The greatest number of the type below an end.</summary>
    internal static T Greatest<T>(double upper)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => -Least<T>(-upper);
}
