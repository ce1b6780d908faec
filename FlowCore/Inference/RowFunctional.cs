using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Inference;

/// <summary>Functionals of draws, to be averaged, differentiated or trained by.</summary>
public static class RowFunctional
{
    /// <summary>A function of one's own.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="function">Records F; called by several workers at once.</param>
    /// <param name="columns">The numbers of a row.</param>
    /// <returns>The functional.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no column.</exception>
    public static IRowFunctional<T> Of<T>(RowFunction<T> function, int columns = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        return new FunctionFunctional<T>(columns, function);
    }

    /// <summary>x_j^n: its mean is a raw moment.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="order">n, at least 1.</param>
    /// <param name="feature">j.</param>
    /// <returns>The functional.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The order is below 1, or the feature is negative.</exception>
    public static IRowFunctional<T> Moment<T>(int order, int feature = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(feature);
        return Of((in TapeSample<T> sample) => Power(sample.X.Slice(feature, 1), order));
    }

    /// <summary>−ln q(x): its mean is the entropy, its gradient the full one, through the draws and through the density.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <returns>The functional.</returns>
    public static IRowFunctional<T> Entropy<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of((in TapeSample<T> sample) => Expectation.Entropy(sample));

    /// <summary>ln q(x) − ln p(x): its mean is KL(q ‖ p) of the model that draws to another one.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="other">p; under the same conditions.</param>
    /// <returns>The functional.</returns>
    public static IRowFunctional<T> Divergence<T>(DensityModel<T> other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(other);
        return Of((in TapeSample<T> sample) => sample.LogDensity - other.LogDensity(sample.X, other.ConditionColumns == 0 ? default : sample.Conditions));
    }

    /// <summary>1 / (1 + e^(−g(x)/h)), a smooth form of "g(x) &gt; 0": its mean is a probability smeared by h, and its gradient is not 0 as that of a hard cut is.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="distance">Records g of x [rows, D]: [rows, 1], positive inside of the region.</param>
    /// <param name="width">h, in units of g. State it with the result.</param>
    /// <returns>The functional.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive and finite.</exception>
    public static IRowFunctional<T> Probability<T>(Func<Variable<T>, Variable<T>> distance, double width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(distance);
        if (!(width > 0 && double.IsFinite(width)))
            throw new ArgumentOutOfRangeException(nameof(width), width, $"Expected a positive, finite width, got {width}.");
        var scale = T.CreateTruncating(1 / width);
        return Of((in TapeSample<T> sample) => (distance(sample.X) * scale).Sigmoid());
    }

    private static Variable<T> Power<T>(Variable<T> x, int order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = x;
        for (var i = 1; i < order; i++)
            result *= x;
        return result;
    }
}
