using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Fitting;

/// <summary>Data in islands gets a base of as many normal distributions.</summary>
[TestFixture]
internal sealed class DensityIslandsTests
{
    private const int Rows = 1500;

    private static readonly double _entropy = (2 * 0.5 * Math.Log(2 * Math.PI * Math.E)) + Math.Log(3);

    [Test]
    public void Three_islands_are_three_components_and_the_file_keeps_them()
    {
        using var folder = new TemporaryFolder();
        using var model = Density.Fit<double>(Matrix(Islands(1)), out var result, options: new DensityFitOptions { Log = null });
        Assert.That(((NormalMixture<double>)model.Base).Components, Is.EqualTo(3));
        Assert.That(result.Applied, Has.Some.Contains("a mixture of 3 normal distributions"));

        // 17 numbers from 1,350 rows cost 17/2700 nats; the mean of ln p over 1,500 fresh rows scatters by √(1/1500).
        var fresh = Islands(2);
        var logDensity = new double[Rows];
        model.LogDensity(fresh, logDensity);
        Assert.That(-logDensity.Average(), Is.EqualTo(_entropy + (17.0 / 2700)).Within(4 / Math.Sqrt(Rows)));
        Assert.That(result.ValidationLoss, Is.EqualTo(_entropy).Within(4 / Math.Sqrt(150)));

        model.Save(folder.File("m.safetensors"));
        using var again = Flow<double>.Load(folder.File("m.safetensors"));
        var loaded = new double[Rows];
        again.LogDensity(fresh, loaded);
        Assert.That(loaded, Is.EqualTo(logDensity));
        Assert.That(again.Sample(100, seed: 1).ToArray(), Is.EqualTo(model.Sample(100, seed: 1).ToArray()));
    }

    [Test]
    public void Streamed_rows_come_to_the_same_base()
    {
        var (rows, held) = new ArrayData<double>(Islands(1), 2).Split(0.1, 0);
        using var model = Density.Fit<double>(rows, held, 2, 0, out var result, new DensityFitOptions { Log = null });
        Assert.That(((NormalMixture<double>)model.Base).Components, Is.EqualTo(3));
        var logDensity = new double[Rows];
        model.LogDensity(Islands(2), logDensity);
        Assert.That(-logDensity.Average(), Is.EqualTo(_entropy + (17.0 / 2700)).Within(4 / Math.Sqrt(Rows)));
        Assert.That(result.ValidationLoss, Is.EqualTo(_entropy).Within(4 / Math.Sqrt(150)));
    }

    [Test]
    public void A_context_or_a_flow_of_the_callers_keeps_the_normal_base()
    {
        var quick = new DensityFitOptions { Log = null };
        var context = new double[Rows];
        new RandomStream(5).FillNormal<double>(context);
        using var conditional = Density.Fit<double>(Matrix(Islands(1)), new ReadOnlyTensorSpan<double>(context, [Rows, 1]), options: quick);
        Assert.That(conditional.Base, Is.InstanceOf<StandardNormal<double>>());

        var settings = new NeuralSplineFlowSettings { Features = 2, Transforms = 1, HiddenSizes = [8] };
        using var own = Density.Fit<double>(Matrix(Islands(1)), options: quick with { Flow = settings });
        Assert.That(own.Base, Is.InstanceOf<StandardNormal<double>>());
    }

    // 1,500 rows in batches of 32 have 43 steps an epoch and 20 epochs; with its report after every epoch the third run, the mixture's, is from 1,760 on.
    [Test]
    public void A_fit_that_was_stopped_at_the_mixture_goes_on_there()
    {
        using var folder = new TemporaryFolder();
        var options = new DensityFitOptions { Log = null, CheckpointPath = folder.File("m.checkpoint.safetensors") };
        using var whole = Density.Fit<double>(Matrix(Islands(1)), options: new DensityFitOptions { Log = null });
        using (var stop = new CancellationTokenSource())
        using (Density.Fit<double>(Matrix(Islands(1)), out var stopped, options: options with { Progress = new CancelAfter(stop, 2500) }, cancellationToken: stop.Token))
            Assert.That(stopped.Training.Outcome, Is.EqualTo(TrainingOutcome.Cancelled));
        Assert.That(File.Exists(options.CheckpointFiles[^1]));
        using var resumed = Density.Fit<double>(Matrix(Islands(1)), options: options with { Resume = true });
        Assert.That(resumed.Sample(10, seed: 1).ToArray(), Is.EqualTo(whole.Sample(10, seed: 1).ToArray()));
    }

    private static ReadOnlyTensorSpan<double> Matrix(double[] rows) => new(rows, [rows.Length / 2, 2]);

    // Unit normal islands at 0, 8 and 16 of the first feature, which touch nowhere: the entropy is that of one and ln 3.
    private static double[] Islands(ulong seed)
    {
        var x = new double[2 * Rows];
        new RandomStream(seed).FillNormal<double>(x);
        for (var i = 0; i < Rows; i++)
            x[2 * i] += 8 * (i % 3);
        return x;
    }
}
