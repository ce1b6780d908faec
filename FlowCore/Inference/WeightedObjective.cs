using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>
/// Σ aᵢ ln q(xᵢ) at fixed xᵢ with coefficients of the batch: <see cref="GradientEstimator.Score"/>, <see cref="GradientEstimator.SelfNormalised"/> and
/// <see cref="GradientEstimator.Alpha2"/>. Its value is the divergence that the gradient belongs to.
/// </summary>
/// <remarks>
/// The coefficients are computed on the host in double: a batch's largest weight is needed before any can be. The values are the mean of ln q − ln p̃ (minus the evidence's lower bound), the
/// forward divergence Σ w̃ ln w − ln mean w, and ln(N / effective size), the divergence of order 2.
/// </remarks>
internal sealed class WeightedObjective<T>(AnnealedTarget<T> target, GradientEstimator estimator) : IBatchObjective<T>, IScheduledObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void BeginBatch(BatchPurpose purpose, long step, long steps) => target.BeginBatch(purpose, step, steps);

    public bool IsComparable(long step, long steps) => target.IsComparable(step, steps);

    public Variable<T> BatchLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions, Variable<T> weights)
    {
        var (tape, rows, features) = (x.Tape!, x.Rows, model.Features);
        var buffer = ArrayPool<T>.Shared.Rent(rows * (features + 2));
        var logs = ArrayPool<double>.Shared.Rent(rows);
        try
        {
            var drawn = buffer.AsSpan(0, rows * features);
            var density = buffer.AsSpan(rows * features, rows);
            var targets = buffer.AsSpan(rows * (features + 1), rows);
            using (tape.WithoutRecording())
            {
                var sample = TapeSample<T>.OfNoise(model, x, conditions);
                tape.ReadValue(sample.LogDensity, density);
                tape.ReadValue(sample.X, drawn);
                tape.ReadValue(target.LogDensity(sample.X, conditions, out _), targets);
            }

            var logWeights = logs.AsSpan(0, rows);
            for (var i = 0; i < rows; i++)
                logWeights[i] = double.CreateTruncating(targets[i]) - double.CreateTruncating(density[i]);
            var value = tape.Constant(T.CreateTruncating(Coefficients(logWeights)));
            if (!tape.IsRecording)
                return value;
            for (var i = 0; i < rows; i++)
                density[i] = T.CreateTruncating(logWeights[i]);
            var sum = (model.LogDensity(tape.Input(drawn, features), conditions) * tape.Input(density, 1)).SumRows();
            return sum - sum.StopGradient() + value;
        }
        finally
        {
            ArrayPool<T>.Shared.Return(buffer);
            ArrayPool<double>.Shared.Return(logs);
        }
    }

    // Overwrites ln w with the coefficients, and returns the value of the loss. Rows where p̃ = 0 have coefficient 0.
    private double Coefficients(Span<double> logs)
    {
        if (estimator == GradientEstimator.Score)
            return ScoreCoefficients(logs);
        var order = estimator == GradientEstimator.Alpha2 ? 2 : 1;
        var (sum, power) = (LogWeights.LogSum<double>(logs), LogWeights.LogSum<double>(logs, order));
        if (double.IsNegativeInfinity(sum))
            throw new InvalidTargetException($"Expected draws where the target has a density; it is 0 at all {logs.Length} of a batch.");
        double mean = 0;
        for (var i = 0; i < logs.Length; i++)
        {
            var weight = Math.Exp((order * logs[i]) - power);
            mean += weight == 0 ? 0 : weight * logs[i];
            logs[i] = -weight;
        }

        var count = Math.Log(logs.Length);
        return order == 2 ? count + power - (2 * sum) : mean - sum + count;
    }

    // l − b with b the mean of the other rows is (l − l̄) N / (N − 1).
    private static double ScoreCoefficients(Span<double> logs)
    {
        double mean = 0;
        var inside = 0;
        foreach (var log in logs)
        {
            if (double.IsNegativeInfinity(log))
                continue;
            inside++;
            mean -= log;
        }

        mean = inside == 0 ? 0 : mean / inside;
        for (var i = 0; i < logs.Length; i++)
            logs[i] = double.IsNegativeInfinity(logs[i]) || inside < 2 ? 0 : (-logs[i] - mean) / (inside - 1);
        return mean;
    }
}
