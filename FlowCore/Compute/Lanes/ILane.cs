using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// What a formula is written in, once for every width and every device: a number, or a register of numbers that all go
/// the same way.
/// </summary>
/// <remarks>
/// A lane holds one row (one event) unless a kernel says otherwise. <see cref="ScalarLane{T}"/> is the width-one
/// implementation, so a formula written against this interface is at the same time its own scalar reference; the processor's
/// registers implement <see cref="IRegister{TSelf, T}"/>, and an accelerator's threads bring a lane of their own. Comparisons
/// return a mask of the same type: all bits set where true (the number 1 for a single number), to be used with
/// <see cref="Select"/>, <c>&amp;</c> and <c>|</c> only.
/// </remarks>
internal interface ILane<TSelf, T>
    where TSelf : unmanaged, ILane<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the numbers are of single precision: decided when the code is compiled, as formulas have a polynomial for each type.</summary>
    static abstract bool IsSingle { get; }

    static abstract TSelf Create(T value);

    /// <summary>A constant, which is given for both types and folded when the code is compiled.</summary>
    static abstract TSelf Constant(float single, double precise);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    /// <summary>The and of two masks.</summary>
    static abstract TSelf operator &(TSelf a, TSelf b);

    /// <summary>The or of two masks.</summary>
    static abstract TSelf operator |(TSelf a, TSelf b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf a);

    static abstract TSelf Abs(TSelf a);

    /// <summary>The smaller number; where one is NaN the result is unspecified.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger number; where one is NaN the result is unspecified.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf a);

    static abstract TSelf Floor(TSelf a);

    static abstract TSelf LessThan(TSelf a, TSelf b);

    static abstract TSelf LessThanOrEqual(TSelf a, TSelf b);

    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary><paramref name="a"/> where the mask is set, else <paramref name="b"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Whether the mask is set in every lane: for iterations that end early, never for what a lane holds.</summary>
    static abstract bool All(TSelf mask);

    /// <summary>a · 2ⁿ for integral n given as numbers; exact while the result is normal.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf a, TSelf n);

    /// <summary>Splits a positive normal number into mantissa in [√½, √2) and integral exponent: a = mantissa · 2^exponent.</summary>
    static abstract TSelf Decompose(TSelf a, out TSelf exponent);

    /// <summary>e^a. Error and special values: see <c>LaneMath</c>.</summary>
    static abstract TSelf Exp(TSelf a);

    /// <summary>ln a.</summary>
    static abstract TSelf Log(TSelf a);
}
