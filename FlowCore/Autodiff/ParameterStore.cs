using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The parameters of one model in one contiguous, aligned buffer, so that an optimiser's update is one sweep.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ParameterStore<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Every parameter starts on a cache line (16 floats or 8 doubles); the gaps are zeros that stay zero.
    private const int Alignment = 16;

    private readonly Parameter<T>[] _parameters;
    private readonly Kernels<T> _kernels;
    private volatile bool _disposed;

    /// <summary>Moves parameters into one buffer.</summary>
    /// <param name="device">The device that holds it.</param>
    /// <param name="parameters">The parameters in their order, with distinct names; each may belong to one store only.</param>
    /// <exception cref="ArgumentException">Two parameters have one name.</exception>
    public ParameterStore(Device device, IEnumerable<Parameter<T>> parameters)
        : this(device, (parameters ?? throw new ArgumentNullException(nameof(parameters))).Select(parameter => ("", parameter)).ToArray())
    {
    }

    /// <summary>Moves parameters of several parts into one buffer, where the names of the parts stand before theirs.</summary>
    internal ParameterStore(Device device, IReadOnlyList<(string Prefix, Parameter<T> Parameter)> parameters)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device = device;
        _parameters = [.. parameters.Select(one => one.Parameter)];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var length = 0;
        foreach (var (prefix, parameter) in parameters)
        {
            if (!names.Add(prefix + parameter.Name))
                throw new ArgumentException($"Two parameters are called '{prefix + parameter.Name}'.", nameof(parameters));
            length = checked(length + RoundUp(parameter.Length));
        }

        Length = Math.Max(length, Alignment);
        _kernels = device.CreateKernels<T>();
        Memory = _kernels.Allocate(Length);
        var offset = 0;
        foreach (var (prefix, parameter) in parameters)
        {
            parameter.Attach(this, offset, prefix);
            offset += RoundUp(parameter.Length);
        }
    }

    /// <summary>The device that holds the buffer.</summary>
    public Device Device { get; }

    /// <summary>The buffer. After <see cref="Dispose"/> its use is an <see cref="ObjectDisposedException"/>, as is every reading and writing of the parameters.</summary>
    public DeviceMemory<T> Memory { get; }

    /// <summary>The length of the buffer, gaps included.</summary>
    public int Length { get; }

    /// <summary>The parameters in their order.</summary>
    public IReadOnlyList<Parameter<T>> Parameters => _parameters;

    /// <summary>How many numbers the parameters hold, without the gaps.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var parameter in _parameters)
                count += parameter.Length;
            return count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Memory.Dispose();
        _kernels.Dispose();
    }

    /// <summary>Throws where the store is disposed.</summary>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>Gives the parameters their numbers back, as if no store had taken them, and ends.</summary>
    internal void GiveBack()
    {
        foreach (var parameter in _parameters)
            parameter.Detach();
        Dispose();
    }

    /// <summary>Copies host numbers into the buffer.</summary>
    internal void Upload(ReadOnlySpan<T> source, int offset)
    {
        ThrowIfDisposed();
        _kernels.Write(source, Memory, offset);
    }

    /// <summary>Copies numbers of the buffer to the host.</summary>
    internal void Download(int offset, Span<T> destination)
    {
        ThrowIfDisposed();
        _kernels.Read(Memory, offset, destination);
    }

    private static int RoundUp(int length) => (length + Alignment - 1) & -Alignment;
}
