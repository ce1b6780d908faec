using System.Numerics;

namespace FlowCore.Distributions;

/// <summary>
/// What the calls of one model use again and again: descriptions of calls, and tapes. Each is one user's at a time, so calls
/// from several threads and calls within calls run side by side; nobody waits for another's call, and nothing is called under the lock.
/// </summary>
/// <remarks>
/// A worker gets the tape that it had last, which lies in its cache. Only where that one is in use (the model is called within a call
/// of itself, or by several threads) another is taken or made. Thread-safe.
/// </remarks>
internal sealed class CallWorkspace<T>(DensityModel<T> model)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Lock _lock = new();
    private readonly BlockTape<T>?[] _tapes = new BlockTape<T>?[model.Device.Workers];
    private readonly Stack<BlockTape<T>> _spare = new();
    private readonly Stack<BlockStream<T>> _calls = new();
    private long _nonFiniteResults;
    private int _mostRows = int.MaxValue;
    private volatile bool _disposed;

    /// <summary>The most rows of a block: the model's, or fewer where the device's memory is too small for that.</summary>
    public int BlockRows => Math.Min(_mostRows, model.BlockRows);

    /// <summary>How many rows had a result that is not finite although what was given is.</summary>
    public long NonFiniteResults => Interlocked.Read(ref _nonFiniteResults);

    /// <summary>Counts rows whose result is not finite although what was given is.</summary>
    public void CountNonFinite(int rows) => Interlocked.Add(ref _nonFiniteResults, rows);

    /// <summary>Throws where the model is disposed.</summary>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, model);

    /// <summary>The description of a new call.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public BlockStream<T> TakeCall()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            return _calls.TryPop(out var call) ? call : new BlockStream<T>(model, this);
        }
    }

    /// <summary>Takes a description back.</summary>
    public void Return(BlockStream<T> call)
    {
        lock (_lock)
            _calls.Push(call);
    }

    /// <summary>A tape for a block.</summary>
    /// <param name="worker">Who computes.</param>
    /// <param name="rows">The rows of the largest block of the call.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed during the call.</exception>
    public BlockTape<T> TakeTape(int worker, int rows)
    {
        BlockTape<T>? tape;
        lock (_lock)
        {
            ThrowIfDisposed();
            tape = _tapes[worker];
            _tapes[worker] = null;
            if (tape is null)
                _spare.TryPop(out tape);
        }

        if (tape is not null && tape.Capacity >= rows)
            return tape;
        tape?.Dispose();
        return new BlockTape<T>(model, rows);
    }

    /// <summary>Takes a tape back.</summary>
    public void Return(int worker, BlockTape<T> tape)
    {
        lock (_lock)
        {
            if (!_disposed && _tapes[worker] is null)
            {
                _tapes[worker] = tape;
                return;
            }

            if (!_disposed && _spare.Count < _tapes.Length)
            {
                _spare.Push(tape);
                return;
            }
        }

        tape.Dispose();
    }

    /// <summary>Frees the tapes that nobody uses, and has smaller blocks from now on.</summary>
    /// <param name="blockRows">The most rows of a block.</param>
    public void Shrink(int blockRows)
    {
        List<BlockTape<T>> free;
        lock (_lock)
        {
            _mostRows = Math.Min(_mostRows, blockRows);
            free = TakeFreeTapes();
        }

        Free(free);
    }

    /// <summary>Ends new calls with an error, and running ones before their next block; a tape in use is freed when it comes back.</summary>
    public void Dispose()
    {
        List<BlockTape<T>> free;
        lock (_lock)
        {
            _disposed = true;
            free = TakeFreeTapes();
        }

        Free(free);
    }

    // Outside the lock: freeing may wait for the device, and who has the device may wait for the lock.
    private static void Free(List<BlockTape<T>> tapes)
    {
        foreach (var tape in tapes)
            tape.Dispose();
    }

    private List<BlockTape<T>> TakeFreeTapes()
    {
        var free = new List<BlockTape<T>>(_spare);
        _spare.Clear();
        for (var worker = 0; worker < _tapes.Length; worker++)
        {
            if (_tapes[worker] is { } tape)
                free.Add(tape);
            _tapes[worker] = null;
        }

        return free;
    }
}
