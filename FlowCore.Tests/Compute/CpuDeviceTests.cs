using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>How a device's threads share the items of a piece of work.</summary>
public sealed class CpuDeviceTests
{
    [Test]
    public void Every_item_runs_once_for_any_number_of_items_and_threads([Values(1, 2, 3, 7)] int threads)
    {
        using var device = new CpuDevice(threads);
        for (var count = 0; count < 40; count++)
        {
            var work = new CountingWork(count);
            device.Run(work, count);
            Assert.That(work.Runs, Has.All.EqualTo(1), $"{count} items");
            Assert.That(work.Workers, Has.All.InRange(0, threads - 1), $"{count} items");
        }
    }

    [Test]
    public void A_free_worker_takes_the_items_of_a_busy_one()
    {
        using var device = new CpuDevice(2);
        // Item 0 ends only when all the others have been run.
        var work = new CountingWork(10) { ItemThatWaitsForTheOthers = 0 };
        device.Run(work, 10);
        Assert.That(work.Runs, Has.All.EqualTo(1));
        Assert.That(work.Workers.AsSpan(1).ToArray(), Has.All.Not.EqualTo(work.Workers[0]));
    }

    [Test]
    public void The_failure_of_the_first_item_is_reported_and_the_others_still_run([Values(1, 2, 3)] int threads)
    {
        using var device = new CpuDevice(threads);
        var work = new CountingWork(30) { FailingItems = [23, 11, 17] };
        Assert.That(() => device.Run(work, 30), Throws.InvalidOperationException.With.Message.EqualTo("item 11"));
        Assert.That(work.Runs, Has.All.EqualTo(1));

        var next = new CountingWork(30);
        Assert.That(() => device.Run(next, 30), Throws.Nothing, "a failure ends with its piece of work");
        Assert.That(next.Runs, Has.All.EqualTo(1));
    }

    private sealed class CountingWork(int count) : IParallelWork
    {
        private int _done;

        public int[] Runs { get; } = new int[count];

        public int[] Workers { get; } = new int[count];

        public int[] FailingItems { get; init; } = [];

        public int ItemThatWaitsForTheOthers { get; init; } = -1;

        public void Run(int item, int worker)
        {
            Interlocked.Increment(ref Runs[item]);
            Workers[item] = worker;
            if (item == ItemThatWaitsForTheOthers)
                SpinWait.SpinUntil(() => Volatile.Read(ref _done) == Runs.Length - 1, TimeSpan.FromMinutes(1));
            Interlocked.Increment(ref _done);
            if (FailingItems.Contains(item))
                throw new InvalidOperationException($"item {item}");
        }
    }
}
