namespace FlowCore.IO;

/// <summary>A file in a zip archive, as the central directory describes it and the local header confirms it.</summary>
/// <param name="Name">The name; only a name, never a path to write to.</param>
/// <param name="IsDeflated">Whether the data is deflated rather than stored.</param>
/// <param name="Checksum">The CRC-32 of the data.</param>
/// <param name="CompressedLength">The bytes the data takes in the archive.</param>
/// <param name="Length">The bytes of the data.</param>
/// <param name="DataOffset">Where the data starts in the archive.</param>
internal sealed record ZipEntry(
    string Name, bool IsDeflated, uint Checksum, long CompressedLength, long Length, long DataOffset);
