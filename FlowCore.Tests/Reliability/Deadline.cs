using System.Runtime.ExceptionServices;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Runs what must not wait for ever: without an end in two minutes the test fails, and does not hang with it.</summary>
internal static class Deadline
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static void Run(params Action[] actions)
    {
        ExceptionDispatchInfo? failure = null;
        var threads = Array.ConvertAll(actions, action => new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception problem)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(problem), null);
            }
        })
        { IsBackground = true });
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
        {
            if (!thread.Join(_patience))
                Assert.Fail("Somebody waits for ever.");
        }

        failure?.Throw();
    }
}
