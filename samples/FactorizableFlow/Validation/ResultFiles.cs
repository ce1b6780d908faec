using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CommandLine;
using FlowCore.IO;

namespace FactorizableFlow.Validation;

/// <summary>Writes results as JSON, whole or not at all.</summary>
internal static class ResultFiles
{
    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the closure rows as an array of {model, nu, events, truth_nll, model_nll, kl, kl_se}.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="results">The results.</param>
    public static void WriteClosure(string path, StudyResults results) =>
        Write(path, results.Points.Select(point => point.Closure).ToArray());

    /// <summary>Writes everything that was measured.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="results">The results.</param>
    public static void WriteEverything(string path, StudyResults results) => Write(path, results);

    /// <summary>Makes a folder for results and finds out now, not after minutes of work, whether files can be written into it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static void PrepareFolder(string folder) => OutputFile.PrepareFolder(folder);

    private static void Write<T>(string path, T value) => AtomicFile.WriteText(path, JsonSerializer.Serialize(value, _options) + "\n");
}
