using System.CommandLine;
using System.Globalization;
using FlowCore.Compute;
using FlowCore.Gpu;

namespace CommandLine;

/// <summary>
/// Where a verb computes: the processor, or an accelerator that a flag or a config names as cuda, opencl or gpu (the best there is),
/// possibly with an index: cuda:1.
/// </summary>
/// <remarks>
/// What a flag names and is not there is an error; what a config names falls back to the processor, saying so, because the same config is used
/// on different machines.
/// </remarks>
public sealed class CommandDevice : IDisposable
{
    /// <summary>The name of the processor.</summary>
    public const string Processor = "cpu";

    private readonly IDisposable _owned;

    private CommandDevice(CpuDevice device) => (_owned, Device) = (device, device);

    private CommandDevice(GpuDevice device) => (_owned, Device) = (device, device);

    /// <summary>The device that models are opened on.</summary>
    public Device Device { get; }

    /// <summary>--device.</summary>
    /// <param name="usual">What counts where the flag is left out, for the help.</param>
    public static Option<string?> Option(string usual = Processor) => new("--device")
    {
        Description = $"Where to compute: cpu, cuda, opencl, or gpu for the best accelerator there is; cuda:1 is the second. [default: {usual}]",
        HelpName = "NAME",
    };

    /// <summary>Opens a device.</summary>
    /// <param name="context">Where a fallback is told.</param>
    /// <param name="flag">What the flag says, or null.</param>
    /// <param name="configured">What the config says, or null.</param>
    /// <param name="threads">The threads of the processor; 0 for all cores.</param>
    /// <exception cref="UsageException">The flag names no device.</exception>
    /// <exception cref="InvalidOperationException">What the flag names is not there.</exception>
    public static CommandDevice Open(CommandContext context, string? flag, string? configured, int threads)
    {
        if ((flag ?? configured ?? Processor).Equals(Processor, StringComparison.OrdinalIgnoreCase))
            return new CommandDevice(new CpuDevice(threads));

        if (flag is not null)
            return OpenAccelerator(flag);

        try
        {
            return OpenAccelerator(configured!);
        }
        catch (Exception problem) when (problem is UsageException or InvalidOperationException)
        {
            context.Reporter.Warning($"The device '{configured}' is not available here; the processor is used.");
            return new CommandDevice(new CpuDevice(threads));
        }
    }

    /// <summary>The workers that do what is not the model's: the processor's own where the model computes on it, else all cores.</summary>
    /// <param name="device">Where the model computes.</param>
    public static Device HostOf(Device device) => device as CpuDevice ?? Device.Cpu;

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private static CommandDevice OpenAccelerator(string name)
    {
        var parts = name.ToLowerInvariant().Split(':', 2);
        var index = 0;
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index))
            throw new UsageException($"--device takes an index after the colon, as in cuda:1, but it is '{name}'.");

        return parts[0] switch
        {
            "cuda" => new CommandDevice(GpuDevice.Cuda(index)),
            "opencl" => new CommandDevice(GpuDevice.OpenCl(index)),
            "gpu" when parts.Length == 1 => new CommandDevice(GpuDevice.Best()),
            _ => throw new UsageException($"--device must be cpu, cuda, opencl or gpu, but it is '{name}'."),
        };
    }
}
