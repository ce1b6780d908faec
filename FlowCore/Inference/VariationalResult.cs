using System.Globalization;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>What a fit to a target came to, and what can be said of it.</summary>
/// <param name="Training">The training.</param>
/// <param name="LogZ">ln Z of the target; NaN where the fit went over several conditions.</param>
/// <param name="Elbo">The lower bound of the evidence.</param>
/// <param name="EffectiveShare">The effective share of the draws as draws of the target. Near 1 it says that the flow is right where it has draws, and nothing of modes that it misses.</param>
/// <param name="ParetoShape">The tail of the weights: above 0.7 ln Z cannot be trusted.</param>
/// <param name="OutsideRows">How many of the draws lie where the target is 0.</param>
/// <param name="Count">How many draws these numbers are of.</param>
/// <param name="Remarks">What a user has to know before quoting a number.</param>
public sealed record VariationalResult(
    TrainingResult Training, Estimate LogZ, Estimate Elbo, double EffectiveShare, double ParetoShape, int OutsideRows, int Count, IReadOnlyList<string> Remarks)
{
    /// <summary>Numbers and remarks, a line each.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var numbers = string.Create(
            CultureInfo.InvariantCulture,
            $"{Training.Steps} steps; ln Z = {LogZ}, lower bound {Elbo}, effective share {EffectiveShare:f4}, Pareto shape {ParetoShape:f2}, {OutsideRows} of {Count} draws outside");
        return string.Join(Environment.NewLine, [numbers, .. Remarks]);
    }

    internal static VariationalResult Of<T>(TrainingResult training, ImportanceSample<T>? sample, GradientEstimator estimator)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var nothing = new Estimate(double.NaN, double.NaN);
        if (sample is null)
            return new(training, nothing, nothing, double.NaN, double.NaN, 0, 0, ["Several conditions: ln Z and weights are of one; call ImportanceSample for it."]);
        var remarks = new List<string>();
        var seeks = estimator is GradientEstimator.Path or GradientEstimator.Total or GradientEstimator.Score;
        remarks.Add(
            $"Whether all modes are covered cannot be judged by draws of the flow: an effective share near 1 and a small error of ln Z are what a flow on one of two modes has, too. {(seeks ? "The reverse divergence seeks modes: compare with an annealed fit or another seed, or take" : "Take")} TargetEffectiveShare with samples of the target.");
        if (sample.ParetoShape is > 0.5 and <= 0.7)
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"The Pareto shape of the weights is {sample.ParetoShape:f2}, above 0.5: the error of ln Z is larger than stated; the tails of the flow may be shorter than the target's."));
        if (sample.ParetoShape > 0.7)
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"The Pareto shape of the weights is {sample.ParetoShape:f2}, above 0.7: ln Z and its error cannot be trusted."));
        if (!seeks && sample.EffectiveShare < 0.05)
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"The effective share is {sample.EffectiveShare:f3}, below 0.05: weighted gradients are the say of few draws. Start nearer, or anneal."));
        if (sample.OutsideRows > 0)
        {
            remarks.Add(
                $"{sample.OutsideRows} of {sample.Count} draws lie where the target is 0; the training left such rows out, and nothing draws the flow inside. Give the flow the support of the target.");
        }

        return new(training, new Estimate(sample.LogZ, sample.LogZError), sample.Elbo, sample.EffectiveShare, sample.ParetoShape, sample.OutsideRows, sample.Count, remarks);
    }
}
