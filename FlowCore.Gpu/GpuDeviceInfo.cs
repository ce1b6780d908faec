using System.Globalization;

namespace FlowCore.Gpu;

/// <summary>An accelerator that is there.</summary>
/// <param name="Kind">How it is reached.</param>
/// <param name="Index">Its index among those of its kind, from 0.</param>
/// <param name="Name">What its driver calls it.</param>
/// <param name="MemoryBytes">How much memory it has.</param>
/// <param name="IsProcessor">Whether it is a processor behind an accelerator's interface, which <see cref="FlowCore.Compute.CpuDevice"/> uses better.</param>
public sealed record GpuDeviceInfo(GpuDeviceKind Kind, int Index, string Name, long MemoryBytes, bool IsProcessor)
{
    /// <summary>The accelerator in one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{GpuDevice.NameOf(Kind)} {Index}: {Name}, {MemoryBytes / 1073741824.0:F1} GiB");
}
