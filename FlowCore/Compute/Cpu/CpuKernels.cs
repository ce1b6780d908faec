using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// The processor's kernels, written once for every register width: <typeparamref name="V"/> is the register, or
/// <see cref="ScalarLane{T}"/> for the reference that the tests compare with.
/// </summary>
/// <remarks>
/// A lane holds one row (one event). Blocks are padded to a multiple of the row quantum, so the kernels on blocks have
/// no remainder; kernels on shared matrices and flat buffers finish with a partial register.
/// </remarks>
/// <typeparam name="V">The register.</typeparam>
/// <typeparam name="T">The number type.</typeparam>
internal sealed unsafe partial class CpuKernels<V, T>(Device device) : Kernels<T>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private CpuMemory<T>? _scratch;
    private bool _disposed;

    public override Device Device => device;

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _disposed = true;
        _scratch?.Dispose();
    }

    /// <summary>Memory for one kernel call; its content is unspecified.</summary>
    private T* Scratch(int length)
    {
        if (_scratch is null || _scratch.Length < length)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _scratch?.Dispose();
            _scratch = new CpuMemory<T>(length);
        }

        return (T*)_scratch.Address;
    }
}
