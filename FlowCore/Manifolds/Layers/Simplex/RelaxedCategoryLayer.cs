using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>The map of the relaxed categorical (Gumbel-softmax, concrete) distribution to the uniform one.</summary>
/// <remarks>
/// <para>
/// Maddison, Mnih and Teh 2017, "The concrete distribution", and Jang, Gu and Poole 2017, "Categorical reparameterization with Gumbel-softmax". With the temperature τ
/// and the log weights a_1 … a_{d+1}, the last one that of the remainder x_{d+1}:
/// ln p = ln d! + d ln τ + Σ_k (a_k − (τ + 1) ln x_k) − (d + 1) ln Σ_k e^(a_k − τ ln x_k).
/// </para>
/// <para>
/// ln r_i = a_i − a_{d+1} − τ (ln x_i − ln x_{d+1}) are logarithms of ratios of exponentials; with S_i = 1 + r_1 + … + r_i the chance that r_i exceeds its value, given those
/// before it, is (S_{i−1}/S_i)^i: that is the stick of the base to the power d − i + 1. The largest coordinate is the k-th with probability softmax(a)_k for every τ.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class RelaxedCategoryLayer<T> : ManifoldLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _powers;

    /// <summary>Sets the simplex.</summary>
    /// <param name="manifold">The simplex.</param>
    public RelaxedCategoryLayer(Manifold manifold)
        : base(manifold, new LayerArray("log_tau", 1), new LayerArray("log_probs", manifold.Dimension + 1)) =>
        _powers = [.. Enumerable.Range(1, manifold.Dimension).Select(i => T.CreateTruncating(i) / T.CreateTruncating(manifold.Dimension - i + 1))];

    private int Dimension => Manifold.Dimension;

    /// <inheritdoc/>
    protected internal override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        // ln x_i = ln v_i + Σ_{j < i} ln(1 − v_j), with v = 1 for the remainder.
        var tape = x.Tape!;
        var logs = x.Max(tape.Constant(NumberLimits<T>.SmallestNormal)).Log();
        var ends = VariableFunctions.Concatenate(logs.Slice(0, Dimension), tape.Constant(T.Zero));
        var rests = VariableFunctions.Concatenate(tape.Constant(T.Zero), logs.Slice(Dimension, Dimension).CumulativeSum(Dimension));
        var logPoint = ends + rests;
        logDet = LogDensity(logPoint, parameters);
        var logRatios = LogWeights(parameters) - ((logPoint.Slice(0, Dimension) - logPoint.Slice(Dimension, 1)) * parameters[0].Exp());
        var logSums = VariableFunctions.Concatenate(tape.Constant(T.Zero), logRatios).LogCumulativeSumExp(Dimension + 1);
        var steps = (logRatios - logSums.Slice(0, Dimension)).Softplus();
        var logRest = steps * -tape.Constant(_powers);
        return VariableFunctions.Concatenate(-logRest.Expm1(), logRest.Exp());
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var tape = z.Tape!;
        var stick = z.Slice(0, Dimension).Max(tape.Constant(NumberLimits<T>.SmallestNormal));
        var rest = z.Slice(Dimension, Dimension).Max(tape.Constant(NumberLimits<T>.SmallestNormal));
        var isSmall = stick.Less(rest);
        var half = tape.Constant(T.CreateTruncating(0.5));
        var logRest = isSmall.Where((-isSmall.Where(stick, half)).Log1p(), rest.Log());

        // ℓ = ln S_i − ln S_{i − 1}, ln r_i = ln S_{i − 1} + ln(e^ℓ − 1).
        var steps = -logRest / tape.Constant(_powers);
        var logSums = steps.CumulativeSum(Dimension, exclusive: true);
        var logRatios = logSums + steps + steps.Log1mexp();
        var scaled = (LogWeights(parameters) - logRatios) / parameters[0].Exp();
        var logits = VariableFunctions.Concatenate(scaled, tape.Constant(T.Zero));
        var remaining = logits.LogCumulativeSumExp(Dimension + 1, reverse: true);
        logDet = LogDensity(logits - remaining.Slice(0, 1), parameters);
        var here = remaining.Slice(0, Dimension);
        return VariableFunctions.Concatenate((scaled - here).Exp(), (remaining.Slice(1, Dimension) - here).Exp());
    }

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
    }

    // a_i − a_{d+1}, which is all that the map depends on.
    private Variable<T> LogWeights(in LayerParameters<T> parameters) => parameters.Columns(1, 0, Dimension) - parameters.Columns(1, Dimension, 1);

    // ln p − ln d! of ln x_1 … ln x_{d+1}.
    private Variable<T> LogDensity(Variable<T> logPoint, in LayerParameters<T> parameters)
    {
        var logTemperature = parameters[0];
        var temperature = logTemperature.Exp();
        var weights = parameters[1];
        var terms = weights - (logPoint * temperature);
        return (terms - logPoint).SumColumns() - (terms.LogSumExp() * T.CreateTruncating(Dimension + 1)) + (logTemperature * T.CreateTruncating(Dimension));
    }
}
