namespace FlowCore.Gpu;

/// <summary>How a <see cref="GpuDevice"/> works.</summary>
public sealed record GpuDeviceOptions
{
    /// <summary>
    /// The most rows of a block, a multiple of 32; large, because an accelerator wants many threads. Where a block does not fit into the memory,
    /// models and training go on with smaller ones.
    /// </summary>
    public int BlockRows { get; init; } = 1 << 16;

    /// <summary>The most bytes that may be allocated, where others use the device too; null for all there is.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    internal void Check()
    {
        if (BlockRows < 32 || BlockRows % 32 != 0)
            throw new ArgumentException($"Expected a positive multiple of 32 rows, got {BlockRows}.", nameof(BlockRows));
        if (MemoryLimit < 1)
            throw new ArgumentException($"Expected a positive number of bytes, got {MemoryLimit}.", nameof(MemoryLimit));
    }
}
