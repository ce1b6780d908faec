using System.Numerics;

namespace FlowCore.Inference;

/// <summary>Moments of draws of a model, each with its standard error, computed when they are asked for: <c>model.Moments()</c>.</summary>
/// <remarks>
/// Sums are taken in double. Standard errors come from the influence function: that of the k-th central moment m_k is (x − μ)^k − m_k − k m_(k−1) (x − μ), because the mean
/// is estimated from the same draws. Of heavy tails look at the error of every moment: where the moment does not exist it does not fall with the number of draws. Thread-safe.
/// </remarks>
public sealed class SampleMoments
{
    private readonly double[] _x;
    private readonly int _features;
    private readonly bool _pairs;
    private readonly double[] _means;

    internal SampleMoments(double[] x, int features, bool pairs)
    {
        (_x, _features, _pairs) = (x, features, pairs);
        _means = new double[features];
        for (var j = 0; j < features; j++)
            _means[j] = Raw(1, j).Value;
    }

    /// <summary>N, how many rows were drawn.</summary>
    public int Count => _x.Length / _features;

    /// <summary>E x_j.</summary>
    /// <param name="feature">j.</param>
    /// <returns>The mean.</returns>
    public Estimate Mean(int feature) => Raw(1, feature);

    /// <summary>The variance of x_j.</summary>
    /// <param name="feature">j.</param>
    /// <returns>The second central moment.</returns>
    public Estimate Variance(int feature) => Central(2, feature);

    /// <summary>E x_j^k.</summary>
    /// <param name="order">k, at least 1.</param>
    /// <param name="feature">j.</param>
    /// <returns>The moment.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The order is below 1, or there is no such feature.</exception>
    public Estimate Raw(int order, int feature)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        Check(feature);
        var numbers = new double[Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = Power(_x[(i * _features) + feature], order);
        return Influence.Mean(numbers, _pairs);
    }

    /// <summary>E (x_j − E x_j)^k.</summary>
    /// <param name="order">k, at least 2.</param>
    /// <param name="feature">j.</param>
    /// <returns>The moment.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The order is below 2, or there is no such feature.</exception>
    public Estimate Central(int order, int feature)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 2);
        Check(feature);
        var (numbers, below) = (new double[Count], 0.0);
        for (var i = 0; i < numbers.Length; i++)
        {
            var power = Power(_x[(i * _features) + feature] - _means[feature], order - 1);
            below += power;
            numbers[i] = power * (_x[(i * _features) + feature] - _means[feature]);
        }

        below /= numbers.Length;
        var moment = Influence.Mean(numbers, _pairs).Value;
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] -= order * below * (_x[(i * _features) + feature] - _means[feature]);
        return new Estimate(moment, Influence.Error(numbers, moment, _pairs));
    }

    /// <summary>The covariance of x_i and x_j.</summary>
    /// <param name="first">i.</param>
    /// <param name="second">j.</param>
    /// <returns>The covariance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such feature.</exception>
    public Estimate Covariance(int first, int second)
    {
        Check(first);
        Check(second);
        var numbers = new double[Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (_x[(i * _features) + first] - _means[first]) * (_x[(i * _features) + second] - _means[second]);
        return Influence.Mean(numbers, _pairs);
    }

    /// <summary>The correlation ρ of x_i and x_j; its influence is uv − ρ (u² + v²) / 2 with both standardised.</summary>
    /// <param name="first">i.</param>
    /// <param name="second">j.</param>
    /// <returns>The correlation; NaN where a feature does not vary.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such feature.</exception>
    public Estimate Correlation(int first, int second)
    {
        var scale = Math.Sqrt(Variance(first).Value * Variance(second).Value);
        var rho = Covariance(first, second).Value / scale;
        var (a, b) = (Math.Sqrt(Variance(first).Value), Math.Sqrt(Variance(second).Value));
        var numbers = new double[Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            var u = (_x[(i * _features) + first] - _means[first]) / a;
            var v = (_x[(i * _features) + second] - _means[second]) / b;
            numbers[i] = (u * v) - (rho / 2 * ((u * u) + (v * v)));
        }

        return new Estimate(rho, Influence.Error(numbers, mean: 0, _pairs));
    }

    /// <summary>The quantile of x_j: its error is half the distance of the order statistics that are a standard error of the probability away.</summary>
    /// <param name="probability">p, in (0, 1).</param>
    /// <param name="feature">j.</param>
    /// <returns>The number below which a share p of the draws lies.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in (0, 1), or there is no such feature.</exception>
    public Estimate Quantile(double probability, int feature)
    {
        if (!(probability is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, $"Expected a probability in (0, 1), got {probability}.");
        Check(feature);
        var sorted = new double[Count];
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = _x[(i * _features) + feature];
        var below = Array.ConvertAll(sorted, value => value);
        Array.Sort(sorted);
        var value = At(probability);
        for (var i = 0; i < below.Length; i++)
            below[i] = below[i] <= value ? 1 : 0;
        var error = Influence.Error(below, probability, _pairs);
        return new Estimate(value, (At(probability + error) - At(probability - error)) / 2);

        // Between two order statistics, so that the k-th lies at (k + ½) / N.
        double At(double p)
        {
            var place = Math.Clamp((p * sorted.Length) - 0.5, 0, sorted.Length - 1);
            var low = (int)place;
            var high = Math.Min(low + 1, sorted.Length - 1);
            return sorted[low] + ((place - low) * (sorted[high] - sorted[low]));
        }
    }

    /// <summary>Mean and variance of every feature, a line each.</summary>
    /// <returns>The lines.</returns>
    public override string ToString() =>
        string.Join(Environment.NewLine, Enumerable.Range(0, _features).Select(j => $"x_{j}: mean {Mean(j)}, variance {Variance(j)}"));

    private static double Power(double x, int order)
    {
        var result = x;
        for (var k = 1; k < order; k++)
            result *= x;
        return result;
    }

    private void Check(int feature)
    {
        if ((uint)feature >= (uint)_features)
            throw new ArgumentOutOfRangeException(nameof(feature), feature, $"Expected a feature below {_features}, got {feature}.");
    }
}
