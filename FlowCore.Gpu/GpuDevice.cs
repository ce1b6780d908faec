using System.Numerics;
using System.Runtime.CompilerServices;
using FlowCore.Compute;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Device = FlowCore.Compute.Device;

namespace FlowCore.Gpu;

/// <summary>An accelerator: models that are made on it evaluate, sample and train there, with the same calls as on the processor.</summary>
/// <remarks>
/// <para>
/// <see cref="Cuda"/>, <see cref="OpenCl"/> and <see cref="Best"/> open one, <see cref="List"/> tells what is there. Kernels are
/// compiled when they are first used, which takes a second or two for the first step of a model.
/// </para>
/// <para>
/// One queue of the accelerator takes all work in order. Calls on models of one device from several threads wait for each
/// other; a call within a call of the same thread does not, but an objective or a data source that waits for another thread's
/// call on the device would wait for ever. Dispose models before their device: their use afterwards is an
/// <see cref="ObjectDisposedException"/>.
/// </para>
/// </remarks>
public sealed class GpuDevice : Device, IDisposable
{
    // Rows and outputs of a group of a matrix product, and the threads of a group that sums. The emulation runs each
    // thread of a group as one of the system's, so there groups are small.
    private static readonly (int X, int Y) _productGroup = (16, 8);
    private static readonly (int X, int Y) _emulatedProductGroup = (2, 2);
    private const int SumGroup = 256;
    private const int EmulatedSumGroup = 4;

    private readonly Lock _gate = new();
    private readonly Context _context;
    private readonly ConditionalWeakTable<int[], GpuMemory<int>> _integers = [];
    private readonly Dictionary<Type, object> _programs = [];
    private readonly GpuDeviceOptions _options;
    private readonly Accelerator _accelerator;
    private readonly GpuStaging _staging;
    private GpuTransfers _transfers;
    private volatile bool _disposed;

    private GpuDevice(GpuDeviceInfo info, Context context, Accelerator accelerator, GpuDeviceOptions options)
    {
        Info = info;
        _context = context;
        _accelerator = accelerator;
        _options = options;
        _staging = new GpuStaging(accelerator);
        var emulated = info.Kind == GpuDeviceKind.Emulated;
        ProductGroupSize = emulated ? _emulatedProductGroup : _productGroup;
        SumGroupSize = emulated ? EmulatedSumGroup : Math.Min(SumGroup, (int)BitOperations.RoundUpToPowerOf2((uint)accelerator.MaxNumThreadsPerGroup + 1) / 2);
    }

    /// <summary>Which accelerator it is.</summary>
    public GpuDeviceInfo Info { get; }

    /// <inheritdoc/>
    public override string Name => $"{Info.Name} ({NameOf(Info.Kind)})";

    /// <summary>One: the accelerator's threads share each block.</summary>
    public override int Workers => 1;

    /// <inheritdoc/>
    public override int BlockRows => _options.BlockRows;

    /// <summary>All parameters at once.</summary>
    public override int SweepLength => int.MaxValue;

    /// <summary>The bytes that are allocated on the accelerator now.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>What was copied between host and accelerator so far.</summary>
    public GpuTransfers Transfers
    {
        get
        {
            lock (_gate)
                return _transfers;
        }
    }

    internal GpuStaging Staging
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _staging;
        }
    }

    internal Accelerator Accelerator
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _accelerator;
        }
    }

    internal AcceleratorStream Stream => Accelerator.DefaultStream;

    /// <summary>Held while something is asked of the accelerator; one thread may hold it several times.</summary>
    internal Lock Gate => _gate;

    internal (int X, int Y) ProductGroupSize { get; }

    internal int SumGroupSize { get; }

    /// <summary>The accelerators of this machine; the emulation is not among them.</summary>
    /// <returns>CUDA devices first, then OpenCL devices, each by index.</returns>
    public static IReadOnlyList<GpuDeviceInfo> List()
    {
        using var context = CreateContext(GpuDeviceKind.Cuda, GpuDeviceKind.OpenCl);
        var found = new List<GpuDeviceInfo>();
        foreach (var kind in (GpuDeviceKind[])[GpuDeviceKind.Cuda, GpuDeviceKind.OpenCl])
        {
            foreach (var device in DevicesOf(context, kind))
                found.Add(InfoOf(device, kind, found.Count(other => other.Kind == kind)));
        }

        return found;
    }

    /// <summary>Opens a CUDA device.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <returns>The device, the caller's to dispose.</returns>
    /// <exception cref="InvalidOperationException">There is no such device; the message lists what is there.</exception>
    public static GpuDevice Cuda(int index = 0, GpuDeviceOptions? options = null) => Open(GpuDeviceKind.Cuda, index, options);

    /// <summary>Opens an OpenCL device.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <returns>The device, the caller's to dispose.</returns>
    /// <exception cref="InvalidOperationException">There is no such device; the message lists what is there.</exception>
    public static GpuDevice OpenCl(int index = 0, GpuDeviceOptions? options = null) => Open(GpuDeviceKind.OpenCl, index, options);

    /// <summary>Opens the CUDA device with the most memory, or without one the OpenCL device with the most, a graphics processor before a processor.</summary>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <returns>The device, the caller's to dispose.</returns>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static GpuDevice Best(GpuDeviceOptions? options = null)
    {
        var all = List();
        if (all.Count == 0)
            throw new InvalidOperationException("There is no CUDA or OpenCL device here.");
        var best = all.OrderBy(device => device.Kind).ThenBy(device => device.IsProcessor).ThenByDescending(device => device.MemoryBytes).First();
        return Open(best.Kind, best.Index, options);
    }

    /// <summary>
    /// Opens ILGPU's emulation of an accelerator on the processor: every kernel runs thread by thread as it would there. It is thousands
    /// of times slower than <see cref="Device.Cpu"/>, and meant for tests at small sizes.
    /// </summary>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <returns>The device, the caller's to dispose.</returns>
    public static GpuDevice Emulated(GpuDeviceOptions? options = null) => Open(GpuDeviceKind.Emulated, 0, options);

    /// <inheritdoc/>
    public override Kernels<T> CreateKernels<T>()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (typeof(T) == typeof(float))
            return (Kernels<T>)(object)new GpuKernels<SingleLane, float>(this, ProgramOf<SingleLane, float>());
        if (typeof(T) == typeof(double))
            return (Kernels<T>)(object)new GpuKernels<DoubleLane, double>(this, ProgramOf<DoubleLane, double>());
        throw new NotSupportedException($"Accelerators compute in float and double, not in {typeof(T).Name}.");
    }

    /// <inheritdoc/>
    public override void Run(IParallelWork work, int count)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _accelerator.Bind();
            for (var item = 0; item < count; item++)
                work.Run(item, worker: 0);
        }
    }

    /// <summary>Frees the accelerator. Using the device or its models afterwards is an error.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _accelerator.Bind();
            _accelerator.Synchronize();
            _staging.Dispose();
            _accelerator.Dispose();
            _context.Dispose();
        }
    }

    internal static string NameOf(GpuDeviceKind kind) => kind switch
    {
        GpuDeviceKind.Cuda => "CUDA",
        GpuDeviceKind.OpenCl => "OpenCL",
        _ => "emulated",
    };

    /// <summary>A context with everything that the kernels need, for devices of some kinds.</summary>
    internal static Context CreateContext(params ReadOnlySpan<GpuDeviceKind> kinds)
    {
        var builder = Context.Create().Optimize(OptimizationLevel.O2).EnableAlgorithms().EnableDeviceMath();
        foreach (var kind in kinds)
        {
            // Groups of four threads: each of them is one of the system's.
            builder = kind switch
            {
                GpuDeviceKind.Cuda => builder.Cuda(),
                GpuDeviceKind.OpenCl => builder.OpenCL(),
                _ => builder.CPU(new CPUDevice(numThreadsPerWarp: 2, numWarpsPerMultiprocessor: 2, numMultiprocessors: 1)),
            };
        }

        return builder.ToContext();
    }

    /// <summary>Zeroed memory.</summary>
    /// <exception cref="DeviceMemoryException">There is not enough.</exception>
    internal GpuMemory<T> Allocate<T>(long length)
        where T : unmanaged
    {
        var bytes = checked(length * Unsafe.SizeOf<T>());
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_options.MemoryLimit is { } limit && AllocatedBytes + bytes > limit)
                throw new DeviceMemoryException(Name, bytes, AllocatedBytes);
            MemoryBuffer1D<T, Stride1D.Dense> buffer;
            try
            {
                buffer = _accelerator.Allocate1D<T>(length);
            }
            catch (Exception problem) when (problem is CudaException or CLException or OutOfMemoryException)
            {
                throw new DeviceMemoryException(Name, bytes, AllocatedBytes, problem);
            }

            AllocatedBytes += bytes;
            buffer.MemSetToZero(Stream);
            return new GpuMemory<T>(this, buffer);
        }
    }

    internal void Free<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer)
        where T : unmanaged
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            AllocatedBytes -= buffer.LengthInBytes;
            buffer.Dispose();
        }
    }

    /// <summary>The integers of an operation, which are copied once and live as long as the array.</summary>
    internal ArrayView<int> Integers(int[] values)
    {
        lock (_gate)
        {
            if (!_integers.TryGetValue(values, out var memory))
            {
                memory = Allocate<int>(Math.Max(1, values.Length));
                Upload<int>(values, memory.View);
                _integers.Add(values, memory);
            }

            return memory.View;
        }
    }

    /// <summary>Copies host numbers to the accelerator; the host may reuse them at once.</summary>
    internal unsafe void Upload<T>(ReadOnlySpan<T> source, ArrayView<T> destination)
        where T : unmanaged
    {
        if (source.IsEmpty)
            return;
        lock (_gate)
        {
            var bytes = (long)source.Length * sizeof(T);
            source.CopyTo(new Span<T>(Staging.Take(bytes, out var window), source.Length));
            SendStaged(window, destination, bytes);
        }
    }

    /// <summary>Copies what lies in a window of the staging memory to the accelerator.</summary>
    internal void SendStaged<T>(CPUMemoryBuffer window, ArrayView<T> destination, long bytes)
        where T : unmanaged
    {
        CopyFrom(Stream, window, destination);
        _transfers = _transfers with { Uploads = _transfers.Uploads + 1, UploadedBytes = _transfers.UploadedBytes + bytes };
    }

    /// <summary>Copies numbers of the accelerator to the host, when everything asked so far is done.</summary>
    internal unsafe void Download<T>(ArrayView<T> source, Span<T> destination)
        where T : unmanaged
    {
        if (destination.IsEmpty)
            return;
        lock (_gate)
        {
            var bytes = (long)destination.Length * sizeof(T);
            var address = Staging.Take(bytes, out var window);
            ReceiveStaged(source, window, bytes);
            new ReadOnlySpan<T>(address, destination.Length).CopyTo(destination);
        }
    }

    /// <summary>Copies numbers of the accelerator into a window of the staging memory and waits for them.</summary>
    internal void ReceiveStaged<T>(ArrayView<T> source, CPUMemoryBuffer window, long bytes)
        where T : unmanaged
    {
        CopyTo(Stream, source, window);
        Staging.Wait();
        _transfers = _transfers with { Downloads = _transfers.Downloads + 1, DownloadedBytes = _transfers.DownloadedBytes + bytes };
    }

    private static GpuDevice Open(GpuDeviceKind kind, int index, GpuDeviceOptions? options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        options ??= new GpuDeviceOptions();
        options.Check();
        var context = CreateContext(kind);
        try
        {
            var devices = DevicesOf(context, kind);
            if (index >= devices.Count)
            {
                var others = List();
                throw new InvalidOperationException(
                    $"There is no {NameOf(kind)} device {index} here; there {(others.Count == 0 ? "is no accelerator" : $"is {string.Join("; ", others)}")}.");
            }

            var device = devices[index];
            return new GpuDevice(InfoOf(device, kind, index), context, device.CreateAccelerator(context), options);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    // Generic in the view, as a cast to its interface would allocate.
    private static void CopyFrom<TView>(AcceleratorStream stream, CPUMemoryBuffer window, TView destination)
        where TView : IContiguousArrayView => destination.Buffer.CopyFrom(stream, window.AsRawArrayView(), destination.IndexInBytes);

    private static void CopyTo<TView>(AcceleratorStream stream, TView source, CPUMemoryBuffer window)
        where TView : IContiguousArrayView => source.Buffer.CopyTo(stream, source.IndexInBytes, window.AsRawArrayView());

    private static List<ILGPU.Runtime.Device> DevicesOf(Context context, GpuDeviceKind kind) => kind switch
    {
        GpuDeviceKind.Cuda => [.. context.GetCudaDevices()],
        GpuDeviceKind.OpenCl => [.. context.GetCLDevices()],
        _ => [.. context.GetCPUDevices()],
    };

    private static GpuDeviceInfo InfoOf(ILGPU.Runtime.Device device, GpuDeviceKind kind, int index) => new(
        kind, index, device.Name, device.MemorySize, kind == GpuDeviceKind.Emulated || device is CLDevice { DeviceType: CLDeviceType.CL_DEVICE_TYPE_CPU });

    private GpuProgram<V, T> ProgramOf<V, T>()
        where V : unmanaged, INumberLane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        lock (_gate)
        {
            if (!_programs.TryGetValue(typeof(T), out var program))
                _programs.Add(typeof(T), program = new GpuProgram<V, T>());
            return (GpuProgram<V, T>)program;
        }
    }
}
