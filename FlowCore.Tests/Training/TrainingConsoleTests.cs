using FlowCore.Compute;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class TrainingConsoleTests
{
    [Test]
    public void Redirected_progress_is_plain_lines_one_every_ten_seconds_and_one_at_the_end()
    {
        using var output = new StringWriter();
        var progress = TrainingConsole.Progress(output, isTerminal: false);
        for (var step = 1; step <= 100; step++)
            progress.Report(At(step, step == 100 ? TrainingOutcome.Completed : null));
        Assert.That(output.ToString().Replace(Environment.NewLine, ""), Does.Not.Contain("\r"));
        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(15));
        Assert.That(lines[0], Is.EqualTo("7 %, epoch 1/10, loss 1.2500, validation 1.5000, 12,345 rows/s, 2 min 20 s left"));
        Assert.That(lines[^1], Is.EqualTo("100 %, epoch 10/10, loss 1.2500, validation 1.5000, 12,345 rows/s, done after 2 min 30 s"));
    }

    [Test]
    public void A_terminal_has_one_line_drawn_over_itself_that_ends_with_the_run()
    {
        using var output = new StringWriter();
        var progress = TrainingConsole.Progress(output, isTerminal: true, width: 60);
        progress.Report(At(50));
        progress.Report(At(99, TrainingOutcome.StoppedEarly));
        var text = output.ToString();
        var lines = text.TrimEnd().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.StartWith("[##########..........] 50 %, epoch 6/10"));
        Assert.That(lines, Has.All.Length.LessThan(60));
        Assert.That(text, Does.EndWith(Environment.NewLine));
    }

    [Test]
    public void Several_trainings_one_after_another_start_afresh()
    {
        using var output = new StringWriter();
        var progress = TrainingConsole.Progress(output, isTerminal: false);
        progress.Report(At(100, TrainingOutcome.Completed));
        progress.Report(At(1));
        progress.Report(At(20));
        Assert.That(output.ToString().TrimEnd().Split(Environment.NewLine)[^1], Does.EndWith("2 min 00 s left"));
    }

    [Test]
    public void The_last_line_is_there_when_the_fit_returns_however_it_ends([Values] TrainingOutcome outcome)
    {
        using var output = new StringWriter();
        using var model = new ShiftScaleModel(Device.Cpu);
        using var stop = new CancellationTokenSource();
        if (outcome == TrainingOutcome.Cancelled)
            stop.Cancel();
        var options = new TrainingOptions
        {
            Epochs = 3,
            StepsPerEpoch = 4,
            BatchSize = 64,
            EarlyStopping = outcome == TrainingOutcome.StoppedEarly ? new EarlyStopping(1, 1e6) : null,
        };
        var result = model.Fit(new NormalRows<double>(2), options, new NormalRows<double>(2), progress: TrainingConsole.Progress(output, isTerminal: false), cancellationToken: stop.Token);
        Assert.That(result.Outcome, Is.EqualTo(outcome));
        var word = outcome switch { TrainingOutcome.Cancelled => "cancelled", TrainingOutcome.StoppedEarly => "stopped early", _ => "done" };
        Assert.That(output.ToString(), Does.Contain($", {word} after ").And.EndWith(Environment.NewLine));
    }

    [Test]
    public void A_stream_that_is_closed_does_not_end_the_training()
    {
        var output = new StreamWriter(new MemoryStream());
        output.Dispose();
        Assert.That(() => TrainingConsole.Progress(output, isTerminal: false).Report(At(100, TrainingOutcome.Completed)), Throws.Nothing);
    }

    private static TrainingProgress At(long step, TrainingOutcome? outcome = null) => new(
        (int)Math.Min(step / 10, 9), 10, (int)(step % 10), 10, step, outcome is not null, 1.25, 1.5, 1.4, 1e-3, 0.5, 12_345, TimeSpan.FromSeconds(1.5 * step))
    { Outcome = outcome };
}
