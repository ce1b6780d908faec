using System.Numerics.Tensors;
using CommandLine;
using FlowCore.Continuous;
using FlowCore.Random;
using Plotting;

namespace ContinuousSample;

/// <summary>Two spots on the sphere by flow matching along great circles.</summary>
internal static class SphereStudy
{
    private const int Rows = 20_000;
    private const int Batch = 1024;
    private const double Width = 0.25;

    /// <summary>Trains, prints what the density comes to and draws it over longitude and height.</summary>
    /// <param name="context">Where to show how far the training is, and when to stop.</param>
    /// <param name="folder">Where the figure goes.</param>
    /// <param name="steps">The steps of the training.</param>
    /// <param name="output">Where to write.</param>
    public static void Run(CommandContext context, string folder, int steps, TextWriter output)
    {
        using var flow = new ContinuousFlow<float>(new ContinuousFlowSettings
        {
            Features = 3,
            Solve = new ContinuousSettings { Space = FlowSpace.Sphere },
            Seed = 1,
        });
        var samples = Draw(Rows, 1);
        var options = ContinuousFlow<float>.MatchingTraining with
        {
            BatchSize = Batch,
            Epochs = (int)Math.Max(1, (long)steps * Batch / (Rows * 9 / 10)),
            Seed = 1,
        };
        context.Train("flow matching", options.Epochs!.Value, (progress, cancellation) =>
            flow.Fit(Tensor.Create(samples, [Rows, 3]), options: options, progress: progress, cancellationToken: cancellation));
        var choice = flow.ChooseSteps(Tensor.Create(samples.AsSpan(0, 900).ToArray(), [300, 3]));
        output.WriteLine($"steps {choice.Steps}, which change no ln q by more than {choice.Change:g2}");
        var grid = Density(flow, 240, 120);
        var integral = 0.0;
        foreach (var value in grid.Values)
            integral += value;

        // Longitude and height: area is the product of both.
        output.WriteLine($"integral over the sphere {integral * 2 * Math.PI * 2 / (240 * 120):f5}");
        var drawn = flow.Sample(1500, seed: 2);
        var (longitude, height) = (new double[1500], new double[1500]);
        for (var i = 0; i < 1500; i++)
            (longitude[i], height[i]) = (Math.Atan2(drawn[i, 1], drawn[i, 0]), drawn[i, 2]);
        var figure = new Figure("Two spots on the sphere by flow matching", 1, 2).PanelSize(300, 200);
        figure.Panel(0, 0).Title("density").XLabel("longitude").YLabel("height").HeatMap(grid, ColorScale.SequentialFor(grid));
        figure.Panel(0, 1).Title("samples").XLabel("longitude").YLabel("height").XRange(-Math.PI, Math.PI).YRange(-1, 1).Scatter(longitude, height);
        Directory.CreateDirectory(folder);
        figure.SaveSvg(Path.Combine(folder, "sphere.svg"));
    }

    // Two directions, one across the cut of the longitude, with normal noise before points are brought to the sphere.
    private static float[] Draw(int count, ulong seed)
    {
        var (normal, x) = (new double[3 * count], new float[3 * count]);
        new RandomStream(seed).FillNormal<double>(normal);
        for (var i = 0; i < count; i++)
        {
            Span<double> point = i % 2 == 0 ? [-1, 0, 0] : [0.6, 0, 0.8];
            for (var j = 0; j < 3; j++)
                point[j] += Width * normal[(3 * i) + j];
            var length = Math.Sqrt((point[0] * point[0]) + (point[1] * point[1]) + (point[2] * point[2]));
            for (var j = 0; j < 3; j++)
                x[(3 * i) + j] = (float)(point[j] / length);
        }

        return x;
    }

    private static Grid2D Density(ContinuousFlow<float> flow, int columns, int rows)
    {
        var (x, values) = (new float[3 * columns * rows], new float[columns * rows]);
        for (var i = 0; i < values.Length; i++)
        {
            var (longitude, height) = (Math.PI * ((2 * ((i % columns) + 0.5) / columns) - 1), (2 * ((i / columns) + 0.5) / rows) - 1);
            var radius = Math.Sqrt(1 - (height * height));
            (x[3 * i], x[(3 * i) + 1], x[(3 * i) + 2]) = ((float)(radius * Math.Cos(longitude)), (float)(radius * Math.Sin(longitude)), (float)height);
        }

        flow.LogDensity(x, values);
        return new Grid2D(columns, -Math.PI, Math.PI, rows, -1, 1, Array.ConvertAll(values, value => Math.Exp(value)));
    }
}
