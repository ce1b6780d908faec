using System.Numerics;

namespace FlowCore.Autodiff;

/// <content>The activations of networks.</content>
public static partial class VariableFunctions
{
    /// <summary>max(x, 0).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> ReLU<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.ReLU);

    /// <summary>x for x &gt; 0, else e^x − 1.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Elu<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Elu);

    /// <summary>x·Φ(x).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Gelu<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Gelu);

    /// <summary>x / (1 + e^−x).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Silu<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Silu);

    /// <summary>tanh x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Tanh<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Tanh);

    /// <summary>1 / (1 + e^−x).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sigmoid<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Sigmoid);

    /// <summary>ln sigmoid(x) = −ln(1 + e^−x), without overflow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> LogSigmoid<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.LogSigmoid);

    /// <summary>ln(1 + e^x), without overflow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Softplus<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Softplus);

    /// <summary>x / (1 + |x|).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Softsign<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Softsign);

    /// <summary>x for x &gt; 0, else x / 100.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> LeakyReLU<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.LeakyReLU);
}
