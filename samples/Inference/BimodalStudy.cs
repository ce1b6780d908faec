using System.Globalization;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Inference;
using FlowCore.Training;
using FlowCore.Transforms;
using Plotting;

namespace Inference;

/// <summary>A posterior of two modes, fitted by the forward and by the reverse divergence: which modes are found, and what each fit says of itself.</summary>
internal static class BimodalStudy
{
    private const int Cells = 160;

    /// <summary>Fits, prints the table and draws the figure.</summary>
    /// <param name="settings">How much, and where to.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>Name, importance sample and share of the right-hand mode of each fit.</returns>
    public static List<(string Name, ImportanceSample<double> Sample, double Right)> Run(StudySettings settings, TextWriter output)
    {
        var samples = ProductPosterior.Samples(20_000, settings.Seed);
        var target = ProductPosterior.Target;
        var options = new VariationalOptions
        {
            Steps = settings.Steps,
            BatchSize = 512,
            Seed = settings.Seed,
            Training = new TrainingOptions { Optimiser = OptimiserSettings.Adam(3e-3), GradientClip = 10, EarlyStopping = null, Warn = null },
        };
        (string Name, Action<Flow<double>> Fit)[] fits =
        [
            ("forward, by samples", flow => flow.Fit(
                Tensor.Create(samples, [samples.Length / 2, 2]),
                options: options.Training with { Seed = settings.Seed, BatchSize = 512, StepsPerEpoch = 30, Epochs = Math.Max(settings.Steps / 30, 1) })),
            ("reverse", flow => flow.FitTo(target, options)),
            ("reverse, annealed", flow => flow.FitTo(target, options with { Annealing = Annealing.Linear(0.01, 0.5, width: 2) })),
            ("order 2, annealed", flow => flow.FitTo(target, options with { Estimator = GradientEstimator.Alpha2, Annealing = Annealing.Linear(0.01, 0.5, width: 2) })),
        ];

        var figure = new Figure("A posterior of two modes: x y = 2.5 ± 0.5", rows: 1, columns: fits.Length + 1).PanelSize(250, 250).Share(AxisSharing.All, AxisSharing.All);
        Draw(figure.Panel(0, 0).Title("the posterior"), Grid2D.FromFunction(Cells, -ProductPosterior.Reach, ProductPosterior.Reach, Cells, -ProductPosterior.Reach, ProductPosterior.Reach, (x, y) => Math.Exp(ProductPosterior.LogDensity(x, y))));
        figure.Panel(0, 0).YLabel("y");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ln Z by quadrature: {ProductPosterior.LogZ:f4}"));
        output.WriteLine($"{"fit",-22}{"ln Z",10}{"error",9}{"ESS/N",8}{"k",7}{"ESS_p/N",9}{"P(x > 0)",10}");
        var results = new List<(string, ImportanceSample<double>, double)>();
        for (var i = 0; i < fits.Length; i++)
        {
            using var flow = Start(settings.Seed);
            fits[i].Fit(flow);
            var sample = flow.ImportanceSample(target, 20_000, seed: 7);
            var ofTarget = flow.TargetEffectiveShare<double>(target, samples);
            var right = flow.Probability(row => row[0] > 0, new ExpectationOptions { Count = 20_000 }).Value;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{fits[i].Name,-22}{sample.LogZ,10:f4}{sample.LogZError,9:f4}{sample.EffectiveShare,8:f3}{sample.ParetoShape,7:f2}{ofTarget,9:f3}{right,10:f3}"));
            Draw(figure.Panel(0, i + 1).Title(fits[i].Name).Note(string.Create(CultureInfo.InvariantCulture, $"ESS/N {sample.EffectiveShare:f2}")), DensityOf(flow));
            results.Add((fits[i].Name, sample, right));
        }

        figure.SaveSvg(settings.File("bimodal.svg"));
        return results;
    }

    // A narrow start beside one solution, as a fit begins that was given a guess.
    private static Flow<double> Start(ulong seed)
    {
        using var fresh = NeuralSplineFlow.Create<double>(
            new NeuralSplineFlowSettings { Features = 2, Transforms = 3, AffineTransforms = 1, Bins = 12, Bound = 6, HiddenSizes = [32, 32], Seed = seed });
        return new Flow<double>(new DiagonalNormal<double>([1.5, 1.5], [0.5, 0.5]), fresh.Transform.ConvertTo<double>());
    }

    private static Grid2D DensityOf(Flow<double> flow)
    {
        var points = new double[2 * Cells * Cells];
        for (var i = 0; i < Cells * Cells; i++)
        {
            points[2 * i] = -ProductPosterior.Reach + (2 * ProductPosterior.Reach * ((i % Cells) + 0.5) / Cells);
            points[(2 * i) + 1] = -ProductPosterior.Reach + (2 * ProductPosterior.Reach * ((i / Cells) + 0.5) / Cells);
        }

        var density = new double[Cells * Cells];
        flow.LogDensity(points, density);
        return new Grid2D(Cells, -ProductPosterior.Reach, ProductPosterior.Reach, Cells, -ProductPosterior.Reach, ProductPosterior.Reach, Array.ConvertAll(density, Math.Exp));
    }

    private static void Draw(Panel panel, Grid2D grid) => panel.FilledContours(grid, grid.LevelsEnclosing(0.99, 0.95, 0.68, 0.38)).XLabel("x");
}
