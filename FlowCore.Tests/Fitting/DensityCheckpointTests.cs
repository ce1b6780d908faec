using System.Numerics.Tensors;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Fitting;

/// <summary>A fit that keeps its state: stopped anywhere, it ends in the bits of one that was never stopped.</summary>
[TestFixture]
internal sealed class DensityCheckpointTests
{
    private const int Rows = 300;

    private TemporaryFolder _folder = null!;

    private string Checkpoint => _folder.File("m.checkpoint.safetensors");

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    // A run of 270 rows in batches of 32 has 9 steps an epoch and 20 epochs: the first stop is in the first run, the second in the third.
    [TestCase(50)]
    [TestCase(450)]
    public void A_fit_goes_on_from_where_it_was_stopped(int reports)
    {
        var whole = Fit(new DensityFitOptions());
        using var stop = new CancellationTokenSource();
        var stopped = Fit(new DensityFitOptions { CheckpointPath = Checkpoint, Progress = new CancelAfter(stop, reports) }, cancellation: stop.Token);
        Assert.That(stopped.Result.Training.Outcome, Is.EqualTo(TrainingOutcome.Cancelled));
        var resumed = Fit(new DensityFitOptions { CheckpointPath = Checkpoint, Resume = true });
        Assert.That(resumed.LogDensity, Is.EqualTo(whole.LogDensity));
        Assert.That(resumed.Result.ValidationLoss, Is.EqualTo(whole.Result.ValidationLoss));
    }

    [Test]
    public void The_state_of_other_rows_is_refused()
    {
        using var stop = new CancellationTokenSource();
        Fit(new DensityFitOptions { CheckpointPath = Checkpoint, Progress = new CancelAfter(stop, 5) }, cancellation: stop.Token);
        Assert.That(
            () => Fit(new DensityFitOptions { CheckpointPath = Checkpoint, Resume = true }, seedOfRows: 9),
            Throws.InstanceOf<IOException>().With.Message.Contains("checkpoint"));
    }

    [Test]
    public void The_validation_loss_is_that_of_the_held_out_rows_in_units_of_the_data()
    {
        var once = Fit(new DensityFitOptions());
        var wider = Fit(new DensityFitOptions(), factor: 8);

        // A density that is eight times as wide in each of two columns; its numbers are single, so their logarithms are right to 1e-6.
        Assert.That(wider.Result.ValidationLoss - once.Result.ValidationLoss, Is.EqualTo(2 * Math.Log(8)).Within(1e-5));
    }

    private static (float[] LogDensity, DensityFitResult Result) Fit(DensityFitOptions options, ulong seedOfRows = 1, float factor = 1, CancellationToken cancellation = default)
    {
        var rows = new float[2 * Rows];
        new RandomStream(seedOfRows).FillNormal<float>(rows);
        for (var i = 0; i < rows.Length; i++)
            rows[i] *= factor;
        using var model = Density.Fit<float>(
            new ReadOnlyTensorSpan<float>(rows, [Rows, 2]), out var result, options: options with { ReadyMade = "affine", Log = null }, cancellationToken: cancellation);
        var densities = new float[Rows];
        model.LogDensity(rows, densities);
        return (densities, result);
    }
}
