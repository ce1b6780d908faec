using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>The loss E F(x) over draws of the model that is trained; its rows are noise.</summary>
internal sealed class ExpectationObjective<T>(IRowFunctional<T> functional) : IObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions)
    {
        var sample = TapeSample<T>.OfNoise(model, x, conditions);
        sample.ThrowIfDetached("An expectation");
        return functional.Evaluate(sample);
    }
}
