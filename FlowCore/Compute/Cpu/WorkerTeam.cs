using System.Runtime.ExceptionServices;

namespace FlowCore.Compute;

/// <summary>A few threads that share the items of one piece of work at a time, the caller's thread among them.</summary>
/// <remarks>
/// A training step is a handful of pieces of a millisecond each, so waking a thread must cost microseconds: waiting
/// threads spin briefly before they sleep. Nothing is allocated once the team stands.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

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

    public void Run(IParallelWork work, int count)
    {
        lock (_oneAtATime)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(CpuDevice));
            var helpers = Math.Min(_threads.Length, count - 1);
            _work = work;
            _count = count;
            _next = 0;
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
            var failure = _failure;
            _failure = null;
            failure?.Throw();
        }
    }

    public void Dispose()
    {
        lock (_oneAtATime)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var wake in _wake)
                wake.Set();
        }

        foreach (var thread in _threads)
            thread.Join();
        foreach (var wake in _wake)
            wake.Dispose();
        _done.Dispose();
    }

    private void Loop(int worker)
    {
        var wake = _wake[worker - 1];
        while (true)
        {
            wake.Wait();
            wake.Reset();
            if (_disposed)
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
}
