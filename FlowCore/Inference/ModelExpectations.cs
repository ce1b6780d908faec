using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Inference;

/// <summary>Moments, entropies and divergences of models, each with its standard error: <c>flow.Entropy()</c>.</summary>
/// <remarks>
/// Several rows of conditions are gone through in turn, so a mean is over them as well: <c>flow.Entropy(conditions: rows)</c> is the conditional entropy H(X | C). What depends on
/// the draws smoothly is differentiated by <see cref="Expectation.Gradient{T}"/>.
/// </remarks>
public static class ModelExpectations
{
    /// <summary>Moments, covariances, correlations and quantiles of the features.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="options">How many draws; null for the defaults.</param>
    /// <param name="conditions">Context and nuisances: one row of each or several.</param>
    /// <returns>The moments.</returns>
    /// <exception cref="ArgumentException">The conditions are not the model's.</exception>
    public static SampleMoments Moments<T>(this DensityModel<T> model, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ExpectationOptions();
        var x = Expectation.Rows(model, RowFunctional.Of((in TapeSample<T> sample) => sample.X, model.Features), options, conditions);
        return new SampleMoments(x, model.Features, options.Antithetic);
    }

    /// <summary>
    /// The differential entropy −∫ q ln q in nats. For a standard normal base it is D/2 ln 2πe plus the mean of log|det ∂x/∂z|, which varies less than ln q; else the mean of −ln q.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">q.</param>
    /// <param name="options">How many draws; null for the defaults.</param>
    /// <param name="conditions">One row, or several for the conditional entropy H(X | C).</param>
    /// <returns>The entropy.</returns>
    /// <exception cref="ArgumentException">The conditions are not the model's.</exception>
    public static Estimate Entropy<T>(this DensityModel<T> model, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.BaseDistribution is not StandardNormal<T>)
            return Expectation.Value(model, RowFunctional.Entropy<T>(), options, conditions);
        var ofNoise = model.NoiseFeatures / 2.0 * (1 + Math.Log(2 * Math.PI));
        var volume = RowFunctional.Of((in TapeSample<T> sample) => sample.LogDet.IsNone ? sample.Tape.Zeros(1) : sample.LogDet);
        var mean = Expectation.Value(model, volume, options, conditions);
        return mean with { Value = ofNoise + mean.Value };
    }

    /// <summary>The cross entropy −∫ q ln p in nats: what it costs to take p for q.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">q, which draws.</param>
    /// <param name="other">p, without conditions or with those of q.</param>
    /// <param name="options">How many draws; null for the defaults.</param>
    /// <param name="conditions">One row of each or several.</param>
    /// <returns>The cross entropy.</returns>
    /// <exception cref="ArgumentException">The models do not go together, or the conditions are not theirs.</exception>
    public static Estimate CrossEntropy<T>(this DensityModel<T> model, DensityModel<T> other, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckTogether(model, other);
        return Expectation.Value(model, RowFunctional.Of((in TapeSample<T> sample) => -Other(other, sample)), options, conditions);
    }

    /// <summary>KL(q ‖ p) = ∫ q ln(q/p) in nats, the mean of differences on the same rows.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">q, which draws.</param>
    /// <param name="other">p, without conditions or with those of q.</param>
    /// <param name="options">How many draws; null for the defaults.</param>
    /// <param name="conditions">One row of each or several.</param>
    /// <returns>The divergence; infinite where a draw lies where p is 0.</returns>
    /// <exception cref="ArgumentException">The models do not go together, or the conditions are not theirs.</exception>
    public static Estimate KullbackLeibler<T>(this DensityModel<T> model, DensityModel<T> other, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckTogether(model, other);
        return Expectation.Value(model, RowFunctional.Divergence(other), options, conditions);
    }

    /// <summary>The Jensen-Shannon divergence, ½ KL(q ‖ m) + ½ KL(p ‖ m) with m = (q + p) / 2, in nats: between 0 and ln 2.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">q.</param>
    /// <param name="other">p, with the same conditions.</param>
    /// <param name="options">How many draws of each; null for the defaults.</param>
    /// <param name="conditions">One row of each or several.</param>
    /// <returns>The divergence.</returns>
    /// <exception cref="ArgumentException">The models do not go together, or the conditions are not theirs.</exception>
    public static Estimate JensenShannon<T>(this DensityModel<T> model, DensityModel<T> other, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckTogether(model, other);
        if (model.ConditionColumns != other.ConditionColumns)
            throw new ArgumentException($"Expected models of the same conditions, got {model.ConditionColumns} and {other.ConditionColumns} columns.", nameof(other));
        options ??= new ExpectationOptions();
        var first = Half(model, other, options, conditions);
        // Its own noise: the two halves are then independent, and their errors add in quadrature.
        var second = Half(other, model, options with { Seed = ~options.Seed }, conditions);
        return new Estimate((first.Value + second.Value) / 2, Math.Sqrt((first.StandardError * first.StandardError) + (second.StandardError * second.StandardError)) / 2);
    }

    /// <summary>P(x ∈ region). The cut is hard: for its gradient take <see cref="RowFunctional.Probability{T}"/>.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="isInside">Whether a row belongs to the region.</param>
    /// <param name="options">How many draws; null for the defaults.</param>
    /// <param name="conditions">One row of each or several.</param>
    /// <returns>The share of the draws; where all or none lie inside, the error is that of half a draw.</returns>
    /// <exception cref="ArgumentException">The conditions are not the model's.</exception>
    public static Estimate Probability<T>(this DensityModel<T> model, RowPredicate<T> isInside, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(isInside);
        options ??= new ExpectationOptions();
        using var pass = new ExpectationPass<T>(model, RowFunctional.Of((in TapeSample<T> sample) => sample.X, model.Features), options, conditions);
        pass.Run();
        var inside = new double[options.Count];
        for (var i = 0; i < inside.Length; i++)
            inside[i] = isInside(pass.Values.AsSpan(i * model.Features, model.Features)) ? 1 : 0;
        var share = Influence.Mean(inside, options.Antithetic);
        return share.Value is 0 or 1 ? share with { StandardError = 0.5 / inside.Length } : share;
    }

    /// <summary>The mutual information of leading and other features, E[ln q(x) − ln q_A(x_A) − ln q_B(x_B)], in nats.</summary>
    /// <remarks>The marginals are models of their own, exact or fitted: what they miss is added to the result.</remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="joint">q, of A + B features.</param>
    /// <param name="leading">q_A, the density of the first A features.</param>
    /// <param name="others">q_B, the density of the last B features.</param>
    /// <param name="options">How many draws; null for the defaults.</param>
    /// <param name="conditions">One row of each or several.</param>
    /// <returns>The mutual information.</returns>
    /// <exception cref="ArgumentException">The models do not go together, or the conditions are not theirs.</exception>
    public static Estimate MutualInformation<T>(
        this DensityModel<T> joint, DensityModel<T> leading, DensityModel<T> others, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(joint);
        ArgumentNullException.ThrowIfNull(leading);
        ArgumentNullException.ThrowIfNull(others);
        if (leading.Features + others.Features != joint.Features)
            throw new ArgumentException($"Expected marginals of {joint.Features} features together, got {leading.Features} and {others.Features}.", nameof(others));
        var functional = RowFunctional.Of((in TapeSample<T> sample) =>
            sample.LogDensity - Marginal(leading, sample, 0) - Marginal(others, sample, leading.Features));
        return Expectation.Value(joint, functional, options, conditions);
    }

    /// <summary>The entropy of the last features given the leading ones, H(x_B | x_A) = −E[ln q(x) − ln q_A(x_A)], in nats.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="joint">q, of A + B features.</param>
    /// <param name="leading">q_A, the density of the first A features.</param>
    /// <param name="options">How many draws; null for the defaults.</param>
    /// <param name="conditions">One row of each or several.</param>
    /// <returns>The conditional entropy.</returns>
    /// <exception cref="ArgumentException">The models do not go together, or the conditions are not theirs.</exception>
    public static Estimate ConditionalEntropy<T>(this DensityModel<T> joint, DensityModel<T> leading, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(joint);
        ArgumentNullException.ThrowIfNull(leading);
        if (leading.Features >= joint.Features)
            throw new ArgumentException($"Expected a marginal of fewer than {joint.Features} features, got one of {leading.Features}.", nameof(leading));
        return Expectation.Value(joint, RowFunctional.Of((in TapeSample<T> sample) => Marginal(leading, sample, 0) - sample.LogDensity), options, conditions);
    }

    /// <summary>
    /// The mutual information of features and context, E[ln q(x | c) − ln q(x)], in nats, with q(x) the mean of q(x | c′) over M other contexts. Too large by about 1/M, so it comes for M and 4M.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">q(x | c), without nuisances.</param>
    /// <param name="context">Row-major [n, C]: draws of the context's distribution, more than 4M.</param>
    /// <param name="inner">M, at least 1.</param>
    /// <param name="options">How many draws; null for as many as there are contexts.</param>
    /// <returns>The mutual information, twice.</returns>
    /// <exception cref="ArgumentException">The model takes no context or nuisances, or there are too few contexts.</exception>
    public static NestedEstimate ContextInformation<T>(this DensityModel<T> model, ReadOnlySpan<T> context, int inner = 256, ExpectationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(inner, 1);
        if (model.ContextFeatures == 0 || model.Nuisances > 0)
            throw new ArgumentException($"Expected a model with a context and without nuisances, got one with {model.ContextFeatures} and {model.Nuisances}.", nameof(model));
        var contexts = context.Length / model.ContextFeatures;
        if (contexts <= 4 * inner)
            throw new ArgumentException($"Expected more than {4 * inner} contexts for M = {inner}, got {contexts}.", nameof(context));
        options ??= new ExpectationOptions { Count = contexts };
        return NestedInformation.Of(model, context, inner, options);
    }

    private static Variable<T> Other<T>(DensityModel<T> other, in TapeSample<T> sample)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => other.LogDensity(sample.X, other.ConditionColumns == 0 ? default : sample.Conditions);

    private static Variable<T> Marginal<T>(DensityModel<T> marginal, in TapeSample<T> sample, int first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        marginal.LogDensity(sample.X.Slice(first, marginal.Features), marginal.ConditionColumns == 0 ? default : sample.Conditions);

    private static Estimate Half<T>(DensityModel<T> model, DensityModel<T> other, ExpectationOptions options, Conditions<T> conditions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var both = RowFunctional.Of((in TapeSample<T> sample) => Other(other, sample) - sample.LogDensity);
        var numbers = Expectation.Rows(model, both, options, conditions);
        // ln q − ln m = ln 2 − ln(1 + p/q), of the logarithm of p/q, which may be −∞.
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = Math.Log(2) - (numbers[i] > 0 ? numbers[i] + double.LogP1(Math.Exp(-numbers[i])) : double.LogP1(Math.Exp(numbers[i])));
        return Influence.Mean(numbers, options.Antithetic);
    }

    private static void CheckTogether<T>(DensityModel<T> model, DensityModel<T> other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(other);
        if (other.Features != model.Features || (other.ConditionColumns != 0 && other.ConditionColumns != model.ConditionColumns))
        {
            throw new ArgumentException(
                $"Expected a model of {model.Features} features and {model.ConditionColumns} conditions or none, got one of {other.Features} and {other.ConditionColumns}.", nameof(other));
        }
    }
}
