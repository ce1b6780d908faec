namespace FlowCore.Gpu;

/// <summary>How often and how much was copied between host and accelerator: what a training step should have little of.</summary>
/// <param name="Uploads">Copies to the accelerator.</param>
/// <param name="UploadedBytes">Their bytes.</param>
/// <param name="Downloads">Copies to the host, each of which waits for the accelerator.</param>
/// <param name="DownloadedBytes">Their bytes.</param>
public readonly record struct GpuTransfers(long Uploads, long UploadedBytes, long Downloads, long DownloadedBytes)
{
    /// <summary>What was copied since an earlier reading.</summary>
    /// <param name="earlier">The earlier reading.</param>
    /// <returns>The differences.</returns>
    public GpuTransfers Since(in GpuTransfers earlier) => new(
        Uploads - earlier.Uploads, UploadedBytes - earlier.UploadedBytes, Downloads - earlier.Downloads, DownloadedBytes - earlier.DownloadedBytes);
}
