using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using FlowCore.Random;

namespace FactorizableFlow.Figures;

/// <summary>The figures of a base flow against the truth at the nominal point.</summary>
internal static class BaseFigures
{
    private const int BinsOfX1 = 4;

    /// <summary>Draws them.</summary>
    /// <param name="model">The base flow.</param>
    /// <param name="events">Samples of the model, and fresh events of the generator.</param>
    /// <param name="seed">Their seed.</param>
    public static IReadOnlyList<StudyFigure> Create(StudyModel model, int events, ulong seed)
    {
        var at = new ModelAtPoint(model, []);
        var stream = ClassColumns.StreamOf(seed).Substream(model.Sector.IsKinematic ? 0ul : 1);
        var samples = ClassColumns.OfModel(model.Model, model.Sector, [], at.Generator, stream.Substream(0), events);
        var generator = ClassColumns.OfGenerator(at.Generator, stream.Substream(1), events);
        var quantiles = new StudyFigure(
            $"val_{model.Name}_logprob",
            QuantileFigure.Create($"Log-densities and quantiles of fresh events, {model.Name} base flow", at, stream.Substream(2), events),
            "Fresh events under model and truth: the two histograms of ln p agree, their difference is narrow around 0, and the quantiles u = Φ(z) are uniform, alone and in pairs.");
        return model.Sector.IsKinematic
            ?
            [
                new StudyFigure(
                    "val_kin_2d",
                    DensityPlanes.Create("Density of $x$, model and truth", at, null),
                    "Model contours lie on the edges of the filled truth, and the logarithm of their ratio is pale wherever events are."),
                new StudyFigure(
                    "val_kin_1d_marginals",
                    Marginals("Distributions of $x$, model and truth", at, samples, generator),
                    "Samples of the model follow the true distributions; the ratios scatter around 1 within their errors."),
                quantiles,
            ]
            : Score(at, samples, generator, quantiles);
    }

    private static StudyFigure[] Score(ModelAtPoint at, ClassColumns samples, ClassColumns generator, StudyFigure quantiles)
    {
        var ends = DatasetFigures.BinsOfX1(samples.Both(0), BinsOfX1);
        return
        [
            new StudyFigure(
                "val_score_2d_global",
                DensityPlanes.OfSamples("Density of $y$ over all $x$, model and truth", at, samples, [double.NegativeInfinity, double.PositiveInfinity]),
                "Contours of the model's samples lie on the edges of the filled truth, which is smoothed the same way."),
            new StudyFigure(
                "val_score_2d_contours_x1binned",
                DensityPlanes.OfSamples("Density of $y$ in bins of $x_1$, model and truth", at, samples, ends),
                "The same bin by bin in x1: the model follows how y moves, widens and turns its correlation from left to right."),
            new StudyFigure(
                "val_score_1d_marginals",
                Marginals("Distributions of $y$, model and truth", at, samples, generator),
                "Samples of the model follow the true distributions of y over all x; the ratios scatter around 1 within their errors."),
            new StudyFigure(
                "val_score_x1_binned",
                Binned(at, samples, generator, ends),
                "Distributions of y in bins of x1: samples of the model follow the truth in every bin."),
            quantiles,
        ];
    }

    private static Plotting.Figure Marginals(string title, ModelAtPoint at, ClassColumns samples, ClassColumns generator)
    {
        var figure = new Plotting.Figure(title, 1, 2).PanelSize(330, 220).SharedLegend();
        for (var feature = 0; feature < 2; feature++)
        {
            var column = at.FirstColumn + feature;
            MarginalPanels.Draw(
                figure.Panel(0, feature).XLabel(Looks.Names(at.Sector)[feature]),
                [samples[0, column], samples[1, column]],
                [at.Marginal(0, feature), at.Marginal(1, feature)],
                [generator[0, column], generator[1, column]]);
        }

        return figure;
    }

    private static Plotting.Figure Binned(ModelAtPoint at, ClassColumns samples, ClassColumns generator, double[] ends)
    {
        var bins = ends.Length - 1;
        var figure = new Plotting.Figure("Distributions of $y$ in bins of $x_1$, model and truth", 2, bins).PanelSize(bins == 1 ? 330 : 225, 170).SharedLegend();
        for (var feature = 0; feature < 2; feature++)
        {
            for (var bin = 0; bin < bins; bin++)
            {
                (var from, var to) = (ends[bin], ends[bin + 1]);
                MarginalPanels.Draw(
                    figure.Panel(feature, bin).Title(DatasetFigures.BinLabel(from, to)).XLabel(Looks.YNames[feature]),
                    [samples.InBin(0, 2 + feature, from, to), samples.InBin(1, 2 + feature, from, to)],
                    [at.Marginal(0, feature, from, to), at.Marginal(1, feature, from, to)],
                    [generator.InBin(0, 2 + feature, from, to), generator.InBin(1, 2 + feature, from, to)],
                    bins: 25);
            }
        }

        return figure;
    }
}
