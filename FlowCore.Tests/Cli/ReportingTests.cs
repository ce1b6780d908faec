using CommandLine;
using FactorizableFlow.Application;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

[TestFixture]
public sealed class ReportingTests
{
    [TestCase(0.04, "0.0 s")]
    [TestCase(3.26, "3.3 s")]
    [TestCase(9.97, "10 s")]
    [TestCase(59.6, "1 min 00 s")]
    [TestCase(185, "3 min 05 s")]
    [TestCase(3599.7, "1 h 00 min")]
    [TestCase(7620, "2 h 07 min")]
    [TestCase(100 * 3600, "100 h 00 min")]
    public void A_duration_reads_as_people_say_it(double seconds, string expected) =>
        Assert.That(Duration.Format(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));

    [Test]
    public void Plain_progress_writes_a_line_every_ten_seconds_and_one_at_the_end()
    {
        using StringWriter output = new(), error = new();
        var clock = new ManualClock();
        var reporter = new ConsoleReporter(output, error, isTerminal: false, clock);
        var result = reporter.Track("train kin", 100, progress =>
        {
            for (var i = 1; i <= 100; i++)
            {
                clock.Advance(TimeSpan.FromSeconds(1.5));
                progress.Report(i, $"loss {i}");
            }

            progress.Report(100);
            return 5;
        });
        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(5));
            Assert.That(lines, Has.Length.EqualTo(15));
            Assert.That(lines[0], Is.EqualTo("train kin: 7 %, loss 7, 2 min 20 s left"));
            Assert.That(lines[^1], Is.EqualTo("train kin: 100 %, loss 100, done in 2 min 30 s"));
        });
    }

    [Test]
    public void A_table_that_is_redirected_is_never_wrapped()
    {
        using StringWriter output = new(), error = new();
        var reporter = new ConsoleReporter(output, error, isTerminal: false);
        string wide = new('x', 150);
        reporter.Table(["model", "kl [nats]"], [[wide, "1.5"], ["kin", "[red]"]]);
        Assert.That(output.ToString(), Does.Contain(wide).And.Contains("kl [nats]").And.Contains("[red]"));
    }

    [Test]
    public void A_terminal_shows_the_work_and_returns_its_result()
    {
        using StringWriter output = new(), error = new();
        var reporter = new ConsoleReporter(output, error, isTerminal: true);
        var result = reporter.Track("train [kin]", 3, progress =>
        {
            progress.Report(3, "loss [0.5]");
            reporter.Line("epoch 1 [done]");
            return 9;
        });
        Assert.That(result, Is.EqualTo(9));
        Assert.That(output.ToString(), Does.Contain("epoch 1 [done]"));
    }

    [Test]
    public void A_failure_becomes_one_line_without_a_stack_trace()
    {
        using var error = new StringWriter();
        var code = ErrorBoundary.Run(error, () => throw new AggregateException(new IOException("The disk\nis full")));
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Failure));
            Assert.That(error.ToString(), Is.EqualTo("The disk is full." + Environment.NewLine));
        });
    }

    [TestCase("train_score", new[] { "train_score" })]
    [TestCase(" train_kin , train_score,train_kin", new[] { "train_kin", "train_score" })]
    public void Steps_come_in_the_order_given_and_once(string list, string[] expected) =>
        Assert.That(StepList.Parse(list), Is.EqualTo(expected));

    [TestCase("train_scores", "did you mean 'train_score'?")]
    [TestCase("everything", "valid here: train_score, train_kin.")]
    [TestCase(" , ", "names no step")]
    public void A_word_that_is_no_step_is_refused(string list, string part) =>
        Assert.That(() => StepList.Parse(list), Throws.TypeOf<UsageException>().With.Message.Contains(part));

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
