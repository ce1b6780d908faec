using CommandLine;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

[TestFixture]
internal sealed class InterruptTests
{
    [Test]
    public void Where_nobody_looks_a_signal_ends_the_process()
    {
        var codes = new List<int>();
        using var interrupt = new InterruptSource(codes.Add);
        interrupt.Polling().Dispose();

        Assert.That(interrupt.Receive(), Is.True);
        Assert.That(codes, Is.EqualTo(new[] { ExitCode.Cancelled }));
        Assert.That(interrupt.Token.IsCancellationRequested, Is.False);
    }

    [Test]
    public void Where_somebody_looks_the_first_signal_cancels_and_the_second_is_the_systems()
    {
        var codes = new List<int>();
        using var interrupt = new InterruptSource(codes.Add);
        using var polling = interrupt.Polling();

        Assert.That(interrupt.Receive(), Is.True);
        Assert.That(interrupt.Token.IsCancellationRequested, Is.True);
        Assert.That(interrupt.Receive(), Is.False);
        Assert.That(codes, Is.Empty);
    }
}
