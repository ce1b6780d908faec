namespace FlowCore.Tests.IO;

/// <summary>A new empty folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("flowcore-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string[] Names() =>
        [.. Directory.GetFileSystemEntries(Path).Select(e => System.IO.Path.GetFileName(e)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
