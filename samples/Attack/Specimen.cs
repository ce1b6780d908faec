namespace Attack;

/// <summary>A kind of file, one valid content of it, and what reads it. Immutable.</summary>
/// <param name="Kind">What to call it: "safetensors".</param>
/// <param name="Extension">The extension of its files.</param>
/// <param name="Content">A valid content.</param>
/// <param name="Read">Reads a file whole, as the program does.</param>
/// <param name="Wrap">Turns a changed content into the file, checksums made right; null where it is the file.</param>
/// <param name="Place">What a refusal must say beside the file, as a regular expression behind the file's name.</param>
internal sealed record Specimen(string Kind, string Extension, byte[] Content, Action<string> Read, Func<byte[], byte[]?>? Wrap = null, string Place = ": .");
