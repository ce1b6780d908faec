using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowCore.Compute;

/// <summary>The processor's cores, with the widest SIMD registers that it has.</summary>
public sealed class CpuDevice : Device, IDisposable
{
    // 256 rows of 128 hidden units are 128 KiB: activations, their adjoints and one weight matrix stay in a core's
    // second-level cache, and a batch of 1,024 still feeds four cores.
    private const int RowsOfABlock = 256;

    // 64 KiB of floats for each of the five buffers of an Adam sweep: large beside the cost of handing it out, and
    // small enough that two workers share the models of the study evenly.
    private const int ParametersOfASweep = 1 << 14;

    private readonly WorkerTeam _team;

    /// <summary>Creates a device with its own threads.</summary>
    /// <param name="threads">How many cores to use, 1 to 1,024; 0 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is out of range.</exception>
    public CpuDevice(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        _team = new WorkerTeam(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <inheritdoc/>
    public override string Name =>
        $"CPU, {Workers} {(Workers == 1 ? "thread" : "threads")}, {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)}-bit registers";

    /// <inheritdoc/>
    public override int Workers => _team.Workers;

    /// <inheritdoc/>
    public override int BlockRows => RowsOfABlock;

    /// <inheritdoc/>
    public override int SweepLength => ParametersOfASweep;

    /// <inheritdoc/>
    public override Kernels<T> CreateKernels<T>()
    {
        ObjectDisposedException.ThrowIf(_team.IsDisposed, this);
        if (Vector512.IsHardwareAccelerated)
            return new CpuKernels<Lanes512<T>, T>(this);
        if (Vector256.IsHardwareAccelerated)
            return new CpuKernels<Lanes256<T>, T>(this);
        return new CpuKernels<Lanes128<T>, T>(this);
    }

    /// <inheritdoc/>
    public override void Run(IParallelWork work, int count)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _team.Run(work, count);
    }

    /// <summary>
    /// Ends the device's threads, once the work that they are at is done. Using the device, or calling its models, afterwards is an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose() => _team.Dispose();
}
