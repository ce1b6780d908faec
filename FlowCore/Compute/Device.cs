using System.Numerics;

namespace FlowCore.Compute;

/// <summary>Where work runs: the processor's cores (<see cref="Cpu"/>), or an accelerator of another package.</summary>
/// <remarks>
/// Work is cut into blocks of <see cref="BlockRows"/> rows which run side by side on <see cref="Workers"/> workers.
/// How it is cut does not depend on the workers, and results are added in the order of the blocks, so a seed gives the
/// same bits for any number of them. Calls may come from any thread, from within an item too: see <see cref="Run"/>.
/// </remarks>
public abstract class Device
{
    // The columns that a block of the full rows may have.
    private const int ColumnsOfABlock = 2048;

    private static readonly Lazy<CpuDevice> _sharedCpu = new(() => new CpuDevice());

    /// <summary>All cores of this machine's processor.</summary>
    public static CpuDevice Cpu => _sharedCpu.Value;

    /// <summary>What to call the device in a report.</summary>
    public abstract string Name { get; }

    /// <summary>How many workers run side by side.</summary>
    public abstract int Workers { get; }

    /// <summary>
    /// How many rows a block holds at most: a multiple of the row quantum of <see cref="Matrix{T}"/>. Where a device has not
    /// enough memory for such a block (<see cref="DeviceMemoryException"/>), models and training go on with smaller ones.
    /// </summary>
    public abstract int BlockRows { get; }

    /// <summary>How many rows a block holds at most whose widest matrix has some columns: as many as above, or fewer where that matrix would not stay near the workers.</summary>
    /// <param name="columns">The columns of the widest matrix, for instance the channels times the pixels of a field.</param>
    /// <returns>A multiple of the row quantum, or <see cref="BlockRows"/>.</returns>
    public int BlockRowsFor(int columns) => columns <= ColumnsOfABlock
        ? BlockRows
        : Math.Min(BlockRows, Math.Max(Matrix<float>.RowQuantum, (int)((long)BlockRows * ColumnsOfABlock / columns) & -Matrix<float>.RowQuantum));

    /// <summary>How many parameters one worker reduces or updates at a time: sums of squares are added piece by piece, so it is part of a result's bits.</summary>
    public abstract int SweepLength { get; }

    /// <summary>Creates a queue with scratch memory of its own.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <returns>The queue, the caller's to dispose.</returns>
    public abstract Kernels<T> CreateKernels<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Runs items 0 to count − 1, each on some worker, and returns when all are done.</summary>
    /// <remarks>
    /// An item may call it: the item's worker then does the new work, with its own number. While the processor's workers are
    /// busy with another thread's work, the calling thread does its items itself and has the workers' help as soon as they are free.
    /// So one work object is run by one caller at a time where it keeps memory by worker; work of two items of one call never meets there.
    /// </remarks>
    /// <param name="work">What to run. If items throw, the exception of the first of them is thrown here.</param>
    /// <param name="count">How many items.</param>
    /// <exception cref="ObjectDisposedException">The device is disposed.</exception>
    public abstract void Run(IParallelWork work, int count);
}
