using FlowCore.Statistics;

namespace FlowCore.Fields;

/// <summary>The most probable fields given what was observed of them. Immutable.</summary>
/// <param name="Fields">Row-major [n, pixels].</param>
/// <param name="LogPosterior">ln p(d | y) + ln p of each, up to a constant.</param>
/// <param name="Ends">Why each search ended.</param>
/// <param name="Evaluations">How often the density of each was evaluated.</param>
public sealed record DenoisedFields(double[] Fields, double[] LogPosterior, MinimiserEnd[] Ends, int[] Evaluations)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{LogPosterior.Length} fields, at most {Evaluations.DefaultIfEmpty().Max()} evaluations, {Ends.Count(end => end != MinimiserEnd.Iterations)} converged";
}
