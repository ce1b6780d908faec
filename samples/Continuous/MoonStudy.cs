using System.Numerics.Tensors;
using CommandLine;
using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Training;
using Plotting;

namespace ContinuousSample;

/// <summary>Two moons by flow matching, beside the spline flow that is recommended for them.</summary>
internal static class MoonStudy
{
    private const int Rows = 20_000;
    private const int TestRows = 50_000;
    private const int Batch = 1024;
    private const int PathCount = 24;
    private const int PathPoints = 40;
    private const double Reach = 2.5;

    /// <summary>Trains both, prints how they compare and draws the density, samples and paths.</summary>
    /// <param name="context">Where to show how far the trainings are, and when to stop.</param>
    /// <param name="folder">Where the figure goes.</param>
    /// <param name="steps">The steps of the training.</param>
    /// <param name="output">Where to write.</param>
    public static void Run(CommandContext context, string folder, int steps, TextWriter output)
    {
        var samples = Moons.Draw(Rows, 1);
        var (x, test) = (Tensor.Create(samples, [Rows, 2]), Moons.Draw(TestRows, 2));
        var options = ContinuousFlow<float>.MatchingTraining with
        {
            BatchSize = Batch,
            Epochs = (int)Math.Max(1, (long)steps * Batch / (Rows * 9 / 10)),
            Seed = 1,
        };
        using var flow = new ContinuousFlow<float>(new ContinuousFlowSettings { Features = 2, Seed = 1 });
        context.Train("flow matching", options.Epochs!.Value, Match);
        var choice = flow.ChooseSteps(Tensor.Create(test.AsSpan(0, 1000).ToArray(), [500, 2]));
        output.WriteLine($"steps {choice.Steps}, which change no ln q by more than {choice.Change:g2}");

        using var spline = FlowCore.Fitting.Flow.Recommended<float>(2, Rows, seed: 1);
        var epochs = Math.Max(1, options.Epochs!.Value / 8);
        context.Train("spline flow", epochs, (progress, cancellation) =>
            spline.Fit(x, options: new TrainingOptions { BatchSize = Batch, Epochs = epochs, Seed = 1 }, progress: progress, cancellationToken: cancellation));
        output.WriteLine($"−ln q of {TestRows} other rows: {Mean(flow, test):f4} by flow matching, {Mean(spline, test):f4} of the spline flow");
        output.WriteLine($"integral of the density {Integral(flow):f5}");
        output.WriteLine($"largest deviation from adaptive steps {Deviation(flow, test):g2} nats in single precision");

        var figure = new Figure("Two moons by flow matching", 1, 3).PanelSize(230, 230);
        figure.Describe("The density of a continuous flow, points that it drew, and the paths from noise to data");
        var grid = Density(flow, 120);
        figure.Panel(0, 0).Title("density").HeatMap(grid, ColorScale.SequentialFor(grid)).EqualAspect();
        var drawn = Columns(flow.Sample(2000, seed: 3));
        figure.Panel(0, 1).Title("samples").Scatter(drawn.X, drawn.Y).XRange(-Reach, Reach).YRange(-Reach, Reach).EqualAspect();
        var panel = figure.Panel(0, 2).Title("paths from noise").XRange(-Reach, Reach).YRange(-Reach, Reach).EqualAspect();
        AddPaths(flow, panel);
        Directory.CreateDirectory(folder);
        figure.SaveSvg(Path.Combine(folder, "moons.svg"));

        TrainingResult Match(IProgress<TrainingProgress> progress, CancellationToken cancellation) =>
            flow.Fit(x, options: options, matching: new FlowMatchingOptions { OptimalTransport = true }, progress: progress, cancellationToken: cancellation);
    }

    /// <summary>∫ q on a grid.</summary>
    internal static double Integral(DensityModel<float> flow)
    {
        var grid = Density(flow, 400);
        var sum = 0.0;
        foreach (var value in grid.Values)
            sum += value;
        return sum * Math.Pow(2 * Reach / 400, 2);
    }

    private static double Mean(DensityModel<float> model, float[] rows)
    {
        var values = new float[rows.Length / 2];
        model.LogDensity(rows, values);
        return -values.Sum(value => (double)value) / values.Length;
    }

    private static double Deviation(ContinuousFlow<float> flow, float[] rows)
    {
        var some = Tensor.Create(rows.AsSpan(0, 400).ToArray(), [200, 2]);
        var (fixedSteps, adaptive) = (flow.LogDensity(some), flow.LogDensityAdaptive(some));
        var worst = 0.0;
        for (var i = 0; i < 200; i++)
            worst = Math.Max(worst, Math.Abs(fixedSteps[i] - adaptive.LogDensity[i]));
        return worst;
    }

    private static Grid2D Density(DensityModel<float> flow, int cells)
    {
        var (x, values) = (new float[2 * cells * cells], new float[cells * cells]);
        for (var i = 0; i < values.Length; i++)
        {
            x[2 * i] = (float)(Reach * ((2 * ((i % cells) + 0.5) / cells) - 1));
            x[(2 * i) + 1] = (float)(Reach * ((2 * ((i / cells) + 0.5) / cells) - 1));
        }

        flow.LogDensity(x, values);
        return new Grid2D(cells, -Reach, Reach, cells, -Reach, Reach, Array.ConvertAll(values, value => Math.Exp(value)));
    }

    // The field is asked for along straight pieces: a picture needs no more.
    private static void AddPaths(ContinuousFlow<float> flow, Panel panel)
    {
        var kernels = flow.Device.CreateKernels<float>();
        using var tape = new FlowCore.Autodiff.Tape<float>(kernels, PathCount);
        var at = new float[2 * PathCount];
        new FlowCore.Random.RandomStream(5).FillNormal<float>(at);
        var paths = new double[PathCount][,];
        for (var i = 0; i < PathCount; i++)
            paths[i] = new double[PathPoints + 1, 2];
        var velocity = new float[at.Length];
        for (var k = 0; k <= PathPoints; k++)
        {
            for (var i = 0; i < PathCount; i++)
                (paths[i][k, 0], paths[i][k, 1]) = (at[2 * i], at[(2 * i) + 1]);
            tape.Begin(PathCount, record: false);
            tape.ReadValue(flow.Paths.Field.Velocity(tape.Input(at, 2), tape.Constant((k + 0.5f) / PathPoints)), velocity);
            for (var j = 0; j < at.Length; j++)
                at[j] += velocity[j] / PathPoints;
        }

        foreach (var path in paths)
        {
            var (x, y) = (new double[PathPoints + 1], new double[PathPoints + 1]);
            for (var k = 0; k <= PathPoints; k++)
                (x[k], y[k]) = (path[k, 0], path[k, 1]);
            panel.Line(x, y, style: new PlotStyle(PlotColor.Blue, Width: 0.8));
        }

        kernels.Dispose();
    }

    private static (double[] X, double[] Y) Columns(Tensor<float> rows)
    {
        var count = (int)rows.Lengths[0];
        var (x, y) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
            (x[i], y[i]) = (rows[i, 0], rows[i, 1]);
        return (x, y);
    }
}
