using FlowCore.Diagnostics;
using FlowCore.Inference;

namespace Encoders;

/// <summary>What a model comes to on events that it was not trained on.</summary>
/// <param name="Name">Which training and which events.</param>
/// <param name="Coverage">The calibration of the posterior.</param>
/// <param name="Fit">The goodness of fit of such events.</param>
/// <param name="FitOfCompanions">The goodness of fit of events with a second source.</param>
internal sealed record SourceJudgement(string Name, CoverageReport Coverage, GoodnessOfFitResult Fit, GoodnessOfFitResult FitOfCompanions)
{
    private const double CompanionHits = 8;

    /// <summary>Judges a model.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="model">The model.</param>
    /// <param name="truth">The simulation that the events come from.</param>
    /// <param name="events">How many events for the coverage.</param>
    /// <param name="fits">How many for the goodness of fit.</param>
    public static SourceJudgement Of(string name, SourceModel model, PointSource truth, int events, int fits)
    {
        var (labels, hits) = truth.Draw(events, seed: 2);
        var rows = hits.ToRows(PointSource.Layout);

        // The encoder once an event; draws of the flow behind it. Calibrated on average is not calibrated for each number of hits.
        var coverage = ModelDiagnostics.Coverage(model.Posterior.Head, labels, model.Posterior.Encode(rows), new CoverageOptions<float>
        {
            Draws = 255,
            Strata = Strata.ByColumn<float>(rows, PointSource.Layout.Columns, column: 0, count: 3),
        });
        var options = new GoodnessOfFitOptions { Replicas = 199 };
        var fit = GoodnessOfFit.Of(model.Posterior, model.Likelihood, rows.AsSpan(0, fits * PointSource.Layout.Columns), options, model.Pointing);
        var (_, others) = truth.Draw(fits, seed: 3, CompanionHits);
        var companions = GoodnessOfFit.Of(model.Posterior, model.Likelihood, others.ToRows(PointSource.Layout), options, model.Pointing);
        return new SourceJudgement(name, coverage, fit, companions);
    }
}
