using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Random;

namespace FlowCore.Inference;

/// <summary>Draws of a model with the weights w = p̃/q that make them draws of a target: <c>flow.ImportanceSample(target, 100_000)</c>.</summary>
/// <remarks>
/// All numbers judge the target where the model has draws. A mode that the model misses leaves no trace: the effective share is then near 1 and ln Z too small. Only draws of the
/// target see it (<see cref="ImportanceSampling.TargetEffectiveShare{T}"/>). Weights are never clipped, which would bias ln Z.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ImportanceSample<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _logWeights;

    internal ImportanceSample(Tensor<T> x, double[] logDensity, double[] logWeights)
    {
        X = x;
        LogDensity = logDensity;
        _logWeights = logWeights;
        LogZ = Inference.LogWeights.LogMean<double>(logWeights);
        EffectiveSampleSize = Inference.LogWeights.EffectiveSampleSize<double>(logWeights);
        LogZError = EffectiveSampleSize == 0 ? double.PositiveInfinity : Math.Sqrt(Math.Max((1 / EffectiveShare) - 1, 0) / Count);
        ParetoShape = ParetoTail.ShapeOf(logWeights);
        foreach (var log in logWeights)
            OutsideRows += double.IsNegativeInfinity(log) ? 1 : 0;
    }

    /// <summary>N, how many rows.</summary>
    public int Count => _logWeights.Length;

    /// <summary>The draws, [N, D].</summary>
    public Tensor<T> X { get; }

    /// <summary>ln q of each draw.</summary>
    public IReadOnlyList<double> LogDensity { get; }

    /// <summary>ln w = ln p̃ − ln q of each draw, −∞ where p̃ = 0.</summary>
    public IReadOnlyList<double> LogWeights => _logWeights;

    /// <summary>ln Z, the logarithm of the mean weight: the target's integral. Low by about half the square of its error.</summary>
    public double LogZ { get; }

    /// <summary>The standard error of ln Z, √((N/ESS − 1)/N).</summary>
    public double LogZError { get; }

    /// <summary>ESS = (Σ w)² / Σ w² (Kish 1965): as many equally weighted draws would do as well.</summary>
    public double EffectiveSampleSize { get; }

    /// <summary>ESS / N.</summary>
    public double EffectiveShare => EffectiveSampleSize / Count;

    /// <summary>
    /// k̂, the shape of the generalised Pareto distribution of the min(N/5, 3√N) largest weights (Zhang and Stephens 2009; Vehtari et al. 2024): below 0.5 good, above 0.7 neither ln Z nor
    /// its error can be trusted. −∞ where the largest weights are all the same.
    /// </summary>
    public double ParetoShape { get; }

    /// <summary>How many draws lie where p̃ = 0.</summary>
    public int OutsideRows { get; }

    /// <summary>The lower bound of the evidence, the mean of ln p̃ − ln q: ln Z minus the reverse KL divergence. −∞ where a draw lies outside.</summary>
    public Estimate Elbo => OutsideRows > 0 ? new Estimate(double.NegativeInfinity, double.NaN) : Influence.Mean(_logWeights, pairs: false);

    /// <summary>The mean of a function over the target, Σ w F / Σ w.</summary>
    /// <param name="function">F of a row.</param>
    /// <returns>The mean; its error is that of the ratio, √Σ w̃² (F − mean)².</returns>
    /// <exception cref="InvalidTargetException">All weights are 0.</exception>
    public Estimate Mean(Func<ReadOnlySpan<T>, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var sum = LogZ + Math.Log(Count);
        if (double.IsNegativeInfinity(sum))
            throw new InvalidTargetException($"Expected draws where the target has a density; it is 0 at all {Count}.");
        var values = new double[Count];
        double mean = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNegativeInfinity(_logWeights[i]))
                continue;
            values[i] = function(Row(i));
            mean += Math.Exp(_logWeights[i] - sum) * values[i];
        }

        double squares = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var deviation = Math.Exp(_logWeights[i] - sum) * (values[i] - mean);
            squares += deviation * deviation;
        }

        return new Estimate(mean, Math.Sqrt(squares));
    }

    /// <summary>
    /// A Markov chain whose limit is the target: every draw is proposed in turn and accepted with probability min(1, w′/w), w that of the row where the chain is (Hastings 1970). It has no
    /// bias but the begin, and shows trouble as long stretches without a move.
    /// </summary>
    /// <param name="seed">Of the decisions.</param>
    /// <returns>The chain, as long as the sample.</returns>
    /// <exception cref="InvalidTargetException">All weights are 0.</exception>
    public MetropolisChain<T> Metropolis(ulong seed)
    {
        var features = (int)X.Lengths[1];
        var uniform = new double[Count];
        new RandomStream(seed).FillUniform<double>(uniform);
        var at = Array.FindIndex(_logWeights, log => !double.IsNegativeInfinity(log));
        if (at < 0)
            throw new InvalidTargetException($"Expected draws where the target has a density; it is 0 at all {Count}.");
        var rows = new T[Count * features];
        var (accepted, run, longest) = (0, 0, 0);
        for (var i = 0; i < Count; i++)
        {
            if (i > at && Math.Log(uniform[i]) < _logWeights[i] - _logWeights[at])
            {
                at = i;
                accepted++;
                run = 0;
            }
            else if (i > at)
            {
                longest = Math.Max(longest, ++run);
            }

            Row(at).CopyTo(rows.AsSpan(i * features));
        }

        return new MetropolisChain<T>(Tensor.Create(rows, [Count, features]), (double)accepted / Math.Max(Count - 1, 1), longest);
    }

    /// <summary>What the weights come to, in one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} draws: ln Z = {LogZ:f5} ± {LogZError:g2}, effective share {EffectiveShare:f4}, Pareto shape {ParetoShape:f2}, {OutsideRows} outside");

    private ReadOnlySpan<T> Row(int row)
    {
        var features = (int)X.Lengths[1];
        return X.GetSpan([row, 0], features);
    }
}
