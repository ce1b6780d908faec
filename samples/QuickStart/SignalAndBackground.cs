using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;

namespace QuickStart;

/// <summary>−ln(share · p(x) + (1 − share) · background) with a background uniform in (−5, 5): the model learns the signal alone.</summary>
/// <param name="share">The share of the signal.</param>
internal sealed class SignalAndBackground(double share) : IObjective<double>
{
    /// <inheritdoc/>
    public Variable<double> RowLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions)
    {
        var signal = model.LogDensity(x, conditions) + Math.Log(share);
        var background = (signal * 0.0) + Math.Log((1 - share) / 10);
        return -VariableFunctions.Concatenate(signal, background).LogSumExp();
    }
}
