using FlowCore.Fields;
using Plotting;

namespace LognormalFields;

/// <summary>The figures of the study.</summary>
internal static class FieldFigures
{
    private const int Steps = 24;

    /// <summary>Writes all of them into a folder that is there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="toy">The toy.</param>
    /// <param name="judgements">Flows with their samples.</param>
    /// <param name="problem">Observed fields.</param>
    /// <param name="answers">What the first flow makes of them.</param>
    public static void Save(string folder, LognormalToy toy, IReadOnlyList<(string Name, FieldJudgement Judgement)> judgements, DenoisingProblem problem, DenoisingAnswers answers)
    {
        Denoised(problem, answers).SaveSvg(Path.Combine(folder, "denoising.svg"));
        Samples(toy, judgements).SaveSvg(Path.Combine(folder, "samples.svg"));
        Statistics(judgements).SaveSvg(Path.Combine(folder, "statistics.svg"));
        Covariance(judgements).SaveSvg(Path.Combine(folder, "covariance.svg"));
        Scales(problem, answers).SaveSvg(Path.Combine(folder, "scales.svg"));
    }

    /// <summary>Truth, observation, Wiener filter and the flow's answer side by side, as ln(1 + y) would hide the peaks: as they are, in one range of colours.</summary>
    public static Figure Denoised(DenoisingProblem problem, DenoisingAnswers answers)
    {
        var figure = new Figure("A lognormal field, what was observed of it, and two answers", 1, 4).PanelSize(230, 230).Share(AxisSharing.None, AxisSharing.None);
        var scale = ColorScale.Diverging(2.5, Steps);
        (string, double[])[] parts = [("truth", problem.Truth), ("observed", problem.Observed), ("Wiener filter", problem.Wiener), ("flow, most probable", answers.InFields)];
        for (var i = 0; i < parts.Length; i++)
            Map(figure.Panel(0, i), problem.Toy.Side, parts[i].Item2, 0, parts[i].Item1, scale, i == parts.Length - 1);
        return figure;
    }

    /// <summary>Two fields of the truth and two of each flow.</summary>
    public static Figure Samples(LognormalToy toy, IReadOnlyList<(string Name, FieldJudgement Judgement)> judgements)
    {
        var figure = new Figure("Fields of the truth and of flows", 2, 1 + judgements.Count).PanelSize(230, 230).Share(AxisSharing.None, AxisSharing.None);
        var scale = ColorScale.Diverging(2.5, Steps);
        for (var row = 0; row < 2; row++)
        {
            Map(figure.Panel(row, 0), toy.Side, Array.ConvertAll(judgements[0].Judgement.Truth[..(2 * toy.Pixels)], value => (double)value), row, "truth", scale, false);
            for (var i = 0; i < judgements.Count; i++)
            {
                var samples = Array.ConvertAll(judgements[i].Judgement.Samples[..(2 * toy.Pixels)], value => (double)value);
                Map(figure.Panel(row, i + 1), toy.Side, samples, row, judgements[i].Name, scale, i == judgements.Count - 1);
            }
        }

        return figure;
    }

    /// <summary>Power spectrum over the exact one, histogram of pixels, and bispectrum.</summary>
    public static Figure Statistics(IReadOnlyList<(string Name, FieldJudgement Judgement)> judgements)
    {
        var figure = new Figure("Statistics of the truth and of flows", 1, 3).PanelSize(300, 260).Share(AxisSharing.None, AxisSharing.None);
        var power = figure.Panel(0, 0).XLabel("wavenumber").YLabel("$P(k)$ / exact").Title("power spectrum");
        var pixels = figure.Panel(0, 1).XLabel("$y$").YLabel("density").Title("pixels").LogY();
        var bispectrum = figure.Panel(0, 2).XLabel("wavenumber").YLabel("$B(k)$").Title("equilateral bispectrum");
        var first = judgements[0].Judgement;
        var rings = first.Power.Wavenumbers[1..];
        power.XRange(0, rings[^1] + 1);
        bispectrum.XRange(0, first.BispectrumOfTruth.Length);
        power.Band(rings, [.. rings.Select(_ => 0.97)], [.. rings.Select(_ => 1.03)], "3 %");
        var centres = Enumerable.Range(0, 60).Select(i => -1.2 + ((i + 0.5) * 0.12)).ToArray();
        Pixels("truth", first.Truth);
        var whole = Math.Min(first.BispectrumOfTruth.Length, first.Power.Wavenumbers.Length);
        bispectrum.Line(first.Power.Wavenumbers.AsSpan(1..whole), first.BispectrumOfTruth.AsSpan(1..whole), "truth", new PlotStyle { Dash = DashStyle.Dashed });
        foreach (var (name, judgement) in judgements)
        {
            var ratio = judgement.Power.Power.Select((value, ring) => value / judgement.ExactPower[ring]).ToArray();
            var errors = judgement.Power.Errors.Select((value, ring) => value / judgement.ExactPower[ring]).ToArray();
            power.Points(rings, ratio.AsSpan(1..), name, yErrors: errors.AsSpan(1..));
            Pixels(name, judgement.Samples);
            bispectrum.Line(judgement.Power.Wavenumbers.AsSpan(1..whole), judgement.Bispectrum.AsSpan(1..whole), name);
        }

        power.HorizontalLine(1);
        return figure.SharedLegend();

        void Pixels(string name, float[] values)
        {
            var density = PixelMoments.Histogram<float>(values, -1.2, 6, 60);
            var filled = Enumerable.Range(0, 60).Where(i => density[i] > 0).ToArray();
            pixels.Line([.. filled.Select(i => centres[i])], [.. filled.Select(i => density[i])], name, new PlotStyle { Dash = name == "truth" ? DashStyle.Dashed : DashStyle.Solid });
        }
    }

    /// <summary>The correlations of the power in rings, of the truth and of the flows: which means alone do not show.</summary>
    public static Figure Covariance(IReadOnlyList<(string Name, FieldJudgement Judgement)> judgements)
    {
        var figure = new Figure("Correlation of the power spectrum between rings", 1, 1 + judgements.Count).PanelSize(250, 250).Share(AxisSharing.None, AxisSharing.None);
        var scale = ColorScale.Diverging(1, Steps);
        Matrix(figure.Panel(0, 0), judgements[0].Judgement.PowerOfTruth, "truth", scale, false);
        for (var i = 0; i < judgements.Count; i++)
            Matrix(figure.Panel(0, i + 1), judgements[i].Judgement.Power, judgements[i].Name, scale, i == judgements.Count - 1);
        return figure;
    }

    /// <summary>How well the answers follow the truth from scale to scale.</summary>
    public static Figure Scales(DenoisingProblem problem, DenoisingAnswers answers)
    {
        var figure = new Figure("Answers by scale", 1, 2).PanelSize(340, 260).Share(AxisSharing.None, AxisSharing.None);
        var correlation = figure.Panel(0, 0).XLabel("wavenumber").YLabel("$r(k)$ with the truth");
        var residual = figure.Panel(0, 1).XLabel("wavenumber").YLabel("power of the error / Wiener's");
        var side = problem.Toy.Side;
        var rings = PowerSpectrum.Of<double>(problem.Truth, side, side).Wavenumbers[1..];
        var wiener = Error(problem.Wiener);
        foreach (var (name, fields) in (ReadOnlySpan<(string, double[])>)[("Wiener filter", problem.Wiener), ("flow, MAP in y", answers.InFields), ("flow, MAP in z", answers.InNoise)])
        {
            correlation.Line(rings, PowerSpectrum.CrossCorrelation<double>(fields, problem.Truth, side, side).AsSpan(1..), name);
            residual.Line(rings, [.. Error(fields).Zip(wiener, (mine, other) => mine / other).Skip(1)], name);
        }

        return figure.SharedLegend();

        double[] Error(double[] fields) => PowerSpectrum.Of<double>([.. fields.Zip(problem.Truth, (answer, truth) => answer - truth)], side, side).Power;
    }

    private static void Map(Panel panel, int side, double[] fields, int field, string title, ColorScale scale, bool hasBar)
    {
        var grid = new Grid2D(side, 0, side, side, 0, side, fields.AsSpan(field * side * side, side * side));
        panel.Title(title).EqualAspect().HeatMap(grid, scale, hasBar ? "$y$" : null);
    }

    private static void Matrix(Panel panel, PowerSpectrum power, string title, ColorScale scale, bool hasBar)
    {
        var (all, rings) = (power.Power.Length, (power.Power.Length * 2 / 3) - 1);
        var values = new double[rings * rings];
        for (var i = 0; i < values.Length; i++)
            values[i] = power.Correlation[(((i / rings) + 1) * all) + (i % rings) + 1];
        panel.Title(title).XLabel("wavenumber").YLabel("wavenumber").EqualAspect()
            .HeatMap(new Grid2D(rings, 0.5, rings + 0.5, rings, 0.5, rings + 0.5, values), scale, hasBar ? "correlation" : null);
    }
}
