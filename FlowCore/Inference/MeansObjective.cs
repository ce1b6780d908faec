using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>A loss that is a function of several expectations; its rows are noise.</summary>
internal sealed class MeansObjective<T>(IRowFunctional<T> functional, Func<Variable<T>, Variable<T>> ofMeans) : IBatchObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Variable<T> BatchLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions, Variable<T> weights)
    {
        var sample = TapeSample<T>.OfNoise(model, x, conditions);
        sample.ThrowIfDetached("An expectation");
        return ofMeans(functional.Evaluate(sample).SumRows() * T.CreateTruncating(1.0 / sample.X.Rows));
    }
}
