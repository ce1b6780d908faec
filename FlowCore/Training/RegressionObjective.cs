using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>
/// Σ v r² / n with r = ln p − w + C over the n rows inside the support, v = 1 or w − w_min, and C = Σ v (w − ln p) / Σ v, where the loss is least. The values w are the only column of the conditions.
/// </summary>
/// <param name="loss">What v is.</param>
/// <param name="least">w_min.</param>
/// <param name="hasConstant">Whether C is free; otherwise it is 0.</param>
internal sealed class RegressionObjective<T>(RegressionLoss loss, T least, bool hasConstant) : IBatchObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public Variable<T> BatchLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions, Variable<T> weights)
    {
        var logDensity = model.LogDensity(x, conditions);
        var tape = logDensity.Tape!;
        var zero = tape.Constant(T.Zero);

        // Outside ln p is −∞: nothing of such a row reaches a sum, and its adjoint is 0.
        var outside = logDensity.Equal(tape.Constant(T.NegativeInfinity));
        var residual = outside.Where(zero, logDensity - conditions);
        var inside = T.One - outside;
        var weight = loss == RegressionLoss.Weighted ? (conditions - least) * inside : inside;
        if (hasConstant)
            residual -= (weight * residual).SumRows() / weight.SumRows();
        return (weight * residual.Square()).SumRows() / inside.SumRows();
    }
}
