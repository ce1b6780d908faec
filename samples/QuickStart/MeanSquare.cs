using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;

namespace QuickStart;

/// <summary>h(x) = x² of a model's samples: the rows are noise, and what becomes of it is differentiable in the parameters.</summary>
internal sealed class MeanSquare : IObjective<double>
{
    /// <inheritdoc/>
    public Variable<double> RowLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions) =>
        model.FromNoise(x, conditions, out _).Square();
}
