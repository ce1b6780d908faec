using System.Runtime.ExceptionServices;

namespace FlowCore.Compute;

/// <summary>A few threads that share the items of one piece of work at a time, the caller's thread among them.</summary>
/// <remarks>
/// <para>
/// A training step is a handful of pieces of a millisecond each, so waking a thread must cost microseconds: waiting
/// threads spin briefly before they sleep. Nothing is allocated once the team stands.
/// </para>
/// <para>
/// A caller never waits for the team. While other work has it, the caller does its items itself, one by one, and asks for the
/// team again after each: whatever an item does (run more work, wait for a thread that runs some), nobody waits in a circle.
/// Work that an item runs is done by the item's worker and keeps that worker's number, so that two items never share what
/// belongs to one worker.
/// </para>
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    // A helper belongs to one team for all its life.
    [ThreadStatic]
    private static WorkerTeam? _teamOfThread;

    [ThreadStatic]
    private static int _workerOfThread;

    private readonly Lock _oneAtATime = new();
    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim[] _wake;
    private readonly ManualResetEventSlim _done = new(initialState: false, SpinsBeforeSleep);
    private readonly Lock _failureLock = new();
    private IParallelWork? _work;
    private int _count;
    private int _next;
    private int _running;
    private int _failedItem;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _disposed;
    private bool _ended;

    public WorkerTeam(int workers)
    {
        Workers = workers;
        _threads = new Thread[workers - 1];
        _wake = new ManualResetEventSlim[workers - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _wake[i] = new ManualResetEventSlim(initialState: false, SpinsBeforeSleep);
            _threads[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"FlowCore worker {worker}" };
            _threads[i].Start();
        }
    }

    public int Workers { get; }

    public bool IsDisposed => _disposed;

    public void Run(IParallelWork work, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(CpuDevice));
        ExceptionDispatchInfo? failure = null;
        var item = 0;
        if (ReferenceEquals(_teamOfThread, this))
        {
            for (; item < count; item++)
                RunAlone(work, item, _workerOfThread, ref failure);
        }
        else if (_oneAtATime.IsHeldByCurrentThread)
        {
            for (; item < count; item++)
                RunAlone(work, item, worker: 0, ref failure);
        }
        else
        {
            while (item < count && !_oneAtATime.TryEnter())
                RunAlone(work, item++, worker: 0, ref failure);
            if (item < count)
                RunTogether(work, item, count, ref failure);
        }

        failure?.Throw();
    }

    /// <summary>Lets the threads end, at once or when the work that they are at is done. Waits for none that is at work.</summary>
    public void Dispose()
    {
        _disposed = true;
        EndIfIdle();
    }

    private void RunTogether(IParallelWork work, int first, int count, ref ExceptionDispatchInfo? failure)
    {
        try
        {
            // Between the first look and the lock the team may have ended.
            ObjectDisposedException.ThrowIf(_ended, typeof(CpuDevice));
            var helpers = Math.Min(_threads.Length, count - first - 1);
            _work = work;
            _count = count;
            _next = first;
            _failure = null;
            _failedItem = int.MaxValue;
            if (helpers > 0)
            {
                _done.Reset();
                Volatile.Write(ref _running, helpers);
                for (var i = 0; i < helpers; i++)
                    _wake[i].Set();
            }

            Share(worker: 0);
            if (helpers > 0)
                _done.Wait();
            _work = null;
            failure ??= _failure;
            _failure = null;
        }
        finally
        {
            _oneAtATime.Exit();
        }

        // Who disposes looks for the lock after saying so, and who gives the lock back looks for what was said: one of them
        // sees the other.
        Interlocked.MemoryBarrier();
        if (_disposed)
            EndIfIdle();
    }

    private void EndIfIdle()
    {
        Interlocked.MemoryBarrier();
        // Within an item the thread would get the lock once more while the team is at work.
        if (_oneAtATime.IsHeldByCurrentThread || !_oneAtATime.TryEnter())
            return;
        try
        {
            if (_ended)
                return;
            _ended = true;
            foreach (var wake in _wake)
                wake.Set();
        }
        finally
        {
            _oneAtATime.Exit();
        }

        foreach (var thread in _threads)
            thread.Join();
        foreach (var wake in _wake)
            wake.Dispose();
        _done.Dispose();
    }

    private void Loop(int worker)
    {
        _teamOfThread = this;
        _workerOfThread = worker;
        var wake = _wake[worker - 1];
        while (true)
        {
            wake.Wait();
            wake.Reset();
            if (_ended)
                return;
            Share(worker);
            if (Interlocked.Decrement(ref _running) == 0)
                _done.Set();
        }
    }

    private void Share(int worker)
    {
        var work = _work!;
        while (true)
        {
            var item = Interlocked.Increment(ref _next) - 1;
            if (item >= _count)
                return;
            try
            {
                work.Run(item, worker);
            }
            catch (Exception exception)
            {
                // The first item's failure is reported whichever thread met it first; the others still run to their end.
                lock (_failureLock)
                {
                    if (item < _failedItem)
                    {
                        _failedItem = item;
                        _failure = ExceptionDispatchInfo.Capture(exception);
                    }
                }
            }
        }
    }

    private static void RunAlone(IParallelWork work, int item, int worker, ref ExceptionDispatchInfo? failure)
    {
        try
        {
            work.Run(item, worker);
        }
        catch (Exception exception)
        {
            // Items run in their order here, so the first that fails is the first.
            failure ??= ExceptionDispatchInfo.Capture(exception);
        }
    }
}
