using System.Numerics;

namespace FlowCore.Autodiff;

/// <content>Functions of one number: signs, powers, exponentials and logarithms.</content>
public static partial class VariableFunctions
{
    /// <summary>A function of the list.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <param name="function">The function.</param>
    /// <returns>The result, of the same shape.</returns>
    /// <exception cref="ArgumentNullException">There is no function.</exception>
    public static Variable<T> Apply<T>(this Variable<T> x, UnaryFunction function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(function).Apply(x);

    /// <summary>|x|.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Abs<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Abs);

    /// <summary>−1, 0 or 1; its derivative is 0.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sign<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Sign);

    /// <summary>The largest integer not above x, with derivative 0 everywhere.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Floor<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Floor);

    /// <summary>x².</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Square<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Square);

    /// <summary>x³.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Cube<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Cube);

    /// <summary>√x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sqrt<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Sqrt);

    /// <summary>1 / x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Reciprocal<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Reciprocal);

    /// <summary>1 / √x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> ReciprocalSqrt<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.ReciprocalSqrt);

    /// <summary>e^x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Exp<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Exp);

    /// <summary>e^x − 1, exact near 0.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Expm1<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Expm1);

    /// <summary>ln x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Log<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Log);

    /// <summary>ln(1 + x), exact near 0.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Log1p<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Log1p);

    /// <summary>(e^x − 1) / x, 1 at 0.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Exprel<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Exprel);

    /// <summary>ln(1 + x) / x, 1 at 0.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Log1prel<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Log1prel);

    /// <summary>ln(1 − e^−x) for x &gt; 0, without cancellation.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Log1mexp<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Log1mexp);

    /// <summary>sinh x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sinh<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Sinh);

    /// <summary>cosh x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Cosh<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Cosh);

    /// <summary>arsinh x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Asinh<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Asinh);
}
