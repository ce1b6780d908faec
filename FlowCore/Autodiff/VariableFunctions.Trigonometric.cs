using System.Numerics;

namespace FlowCore.Autodiff;

/// <content>Trigonometric functions and their inverses.</content>
public static partial class VariableFunctions
{
    /// <summary>sin x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sin<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Sin);

    /// <summary>cos x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Cos<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Cos);

    /// <summary>sin x / x, 1 at 0.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sinc<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Sinc);

    /// <summary>tan x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Tan<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Tan);

    /// <summary>arcsin x, for x in [−1, 1].</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Asin<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Asin);

    /// <summary>arccos x, for x in [−1, 1].</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Acos<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Acos);

    /// <summary>arctan x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Atan<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Atan);
}
