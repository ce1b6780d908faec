using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>The mean of ln q(x) − ln p̃(x) over draws x = f⁻¹(z), minus the evidence's lower bound: <see cref="GradientEstimator.Path"/> and <see cref="GradientEstimator.Total"/>.</summary>
/// <remarks>Rows where p̃ = 0 count as 0 and have no gradient.</remarks>
internal sealed class ReverseObjective<T>(AnnealedTarget<T> target, bool isPath) : IScheduledObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void BeginBatch(BatchPurpose purpose, long step, long steps) => target.BeginBatch(purpose, step, steps);

    public bool IsComparable(long step, long steps) => target.IsComparable(step, steps);

    public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions)
    {
        var sample = TapeSample<T>.OfNoise(model, x, conditions);
        var logDensity = isPath && sample.Tape.IsRecording ? DensityOfPath(model, sample) : sample.LogDensity;
        var difference = logDensity - target.LogDensity(sample.X, conditions, out var outside);
        return outside.Where(sample.Tape.Constant(T.Zero), difference);
    }

    // ln q as a function of x alone: with its parameters held, the score ∇θ ln q is left out, and what is left is the path through x.
    private static Variable<T> DensityOfPath(DensityModel<T> model, in TapeSample<T> sample)
    {
        using var held = sample.Tape.WithoutParameters();
        return model.LogDensity(sample.X, sample.Conditions);
    }
}
