namespace Mbank;

/// <summary>What a run leaves; disposing it disposes its flow.</summary>
internal interface IRunResult : IDisposable
{
    /// <summary>Whether Ctrl-C ended the training early.</summary>
    bool IsCancelled { get; }

    /// <summary>Writes model and figures.</summary>
    /// <param name="folder">The folder, which exists.</param>
    void Save(string folder);
}
