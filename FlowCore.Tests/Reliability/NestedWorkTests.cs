using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Work that runs work, and models that call each other.</summary>
[TestFixture]
internal sealed class NestedWorkTests
{
    // Three blocks.
    private const int Rows = 600;

    [Test]
    public void Work_of_an_item_runs_whole_and_the_outer_work_goes_on([Values(1, 2, 3)] int threads, [Values(0, 1, 5)] int innerCount)
    {
        using var device = new CpuDevice(threads);
        // One inner work for all: what it keeps by worker must not be two items' at a time.
        var inner = new Inner(innerCount, threads);
        var outer = new Outer(device, inner, 40, innerCount);
        Deadline.Run(() => device.Run(outer, 40));
        Assert.Multiple(() =>
        {
            Assert.That(outer.Runs, Has.All.EqualTo(1));
            Assert.That(inner.Runs, Is.EqualTo(40 * innerCount));
            Assert.That(inner.Meetings, Is.Zero);
        });
    }

    [Test]
    public void A_failure_within_is_the_item_s_and_the_others_still_run([Values(1, 2, 3)] int threads)
    {
        using var device = new CpuDevice(threads);
        var inner = new Inner(5, threads) { FailsAt = 3 };
        var outer = new Outer(device, inner, 7, 5);
        Deadline.Run(() => Assert.That(() => device.Run(outer, 7), Throws.InvalidOperationException.With.Message.EqualTo("inner item 3")));
        Assert.That(outer.Runs, Has.All.EqualTo(1));
        Assert.That(inner.Runs, Is.EqualTo(35));
    }

    [Test]
    public void Callers_from_many_threads_each_get_all_their_items([Values(1, 2, 3)] int threads)
    {
        using var device = new CpuDevice(threads);
        var actions = new Action[6];
        for (var i = 0; i < actions.Length; i++)
        {
            actions[i] = () =>
            {
                for (var repeat = 0; repeat < 200; repeat++)
                {
                    var work = new Inner(30, threads);
                    device.Run(work, 30);
                    if (work.Runs != 30 || work.Meetings != 0)
                        throw new InvalidOperationException($"{work.Runs} of 30 items ran, {work.Meetings} workers met themselves.");
                }
            };
        }

        Deadline.Run(actions);
    }

    [Test]
    public void An_item_may_wait_for_a_thread_that_runs_work([Values(1, 2, 3)] int threads)
    {
        using var device = new CpuDevice(threads);
        var inner = new Inner(5, 1);
        Deadline.Run(() => device.Run(new Waiting(device, inner), 1));
        Assert.That(inner.Runs, Is.EqualTo(5));
    }

    [Test]
    public void A_model_that_calls_itself_gets_what_a_call_from_outside_gets([Values(1, 2, 3)] int threads)
    {
        using var device = new CpuDevice(threads);
        using var model = new EchoModel(device, 3);
        model.Partner = model;
        // Four of them: levels 3, 2, 1 and 0.
        Deadline.Run(() => Assert.That(Ask(model, 3), Is.All.EqualTo(12)));
        Assert.That(Ask(model, 0), Is.All.EqualTo(3));
    }

    [Test]
    public void Two_models_ask_each_other_from_two_threads([Values(1, 2, 3)] int threads, [Values] bool onTwoDevices)
    {
        using var device = new CpuDevice(threads);
        using var second = new CpuDevice(2);
        using var one = new EchoModel(device, 1);
        using var ten = new EchoModel(onTwoDevices ? second : device, 10) { Partner = one };
        one.Partner = ten;
        Deadline.Run(() => AskOften(one, 22), () => AskOften(ten, 22), () => AskOften(one, 22));

        static void AskOften(EchoModel model, double expected)
        {
            for (var repeat = 0; repeat < 100; repeat++)
                Assert.That(Ask(model, 3), Is.All.EqualTo(expected));
        }
    }

    private static double[] Ask(EchoModel model, double levels)
    {
        var answer = new double[Rows];
        var context = new double[Rows];
        Array.Fill(context, levels);
        model.LogDensity(new double[Rows], context, answer);
        return answer;
    }

    private sealed class Outer(Device device, Inner inner, int count, int innerCount) : IParallelWork
    {
        public int[] Runs { get; } = new int[count];

        public void Run(int item, int worker)
        {
            Interlocked.Increment(ref Runs[item]);
            device.Run(inner, innerCount);
        }
    }

    private sealed class Waiting(Device device, Inner inner) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            var thread = new Thread(() => device.Run(inner, 5));
            thread.Start();
            thread.Join();
        }
    }

    private sealed class Inner(int count, int workers) : IParallelWork
    {
        private readonly int[] _atWork = new int[workers];
        private int _runs;
        private int _meetings;

        public int FailsAt { get; init; } = -1;

        public int Runs => _runs;

        public int Meetings => _meetings;

        public void Run(int item, int worker)
        {
            if (item >= count || Interlocked.Exchange(ref _atWork[worker], 1) != 0)
                Interlocked.Increment(ref _meetings);
            Interlocked.Increment(ref _runs);
            Thread.SpinWait(50);
            Volatile.Write(ref _atWork[worker], 0);
            if (item == FailsAt)
                throw new InvalidOperationException($"inner item {item}");
        }
    }
}
