using System.Numerics;

namespace FlowCore.Autodiff;

/// <content>The error function, the normal distribution function and their inverses.</content>
public static partial class VariableFunctions
{
    /// <summary>The error function, erf x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Erf<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Erf);

    /// <summary>1 − erf x, to the last places until it underflows.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Erfc<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Erfc);

    /// <summary>Φ(x), the distribution function of the standard normal distribution.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> NormalCdf<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.NormalCdf);

    /// <summary>ln Φ(x), accurate in both tails.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> LogNormalCdf<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.LogNormalCdf);

    /// <summary>Φ⁻¹(x) for x in (0, 1): the normal quantile.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Probit<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.Probit);

    /// <summary>Φ⁻¹(e^x) for x &lt; 0: the normal quantile of a log-probability.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> ProbitOfLog<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Apply(UnaryFunction.ProbitOfLog);
}
