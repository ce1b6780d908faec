using System.Globalization;
using FactorizableFlow.Generator;
using FlowCore.IO;

namespace FactorizableFlow.Configuration;

/// <summary>
/// A config file of the study. One type serves all of them: sections a file does not have are null or empty, and a verb asks for
/// those it needs with <see cref="Require{T}"/>. Immutable.
/// </summary>
public sealed record StudyConfig
{
    /// <summary>The file as the user named it.</summary>
    public required string File { get; init; }

    /// <summary>The lines of the keys of the file, counted from 1: of the first level, and of training, paths and validation.</summary>
    public IReadOnlyDictionary<string, long> Lines { get; init; } = new Dictionary<string, long>();

    /// <summary>runtime.device; cpu where the file names none.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>runtime.threads; 0 for all cores.</summary>
    public int Threads { get; init; }

    /// <summary>seed, or null.</summary>
    public ulong? Seed { get; init; }

    /// <summary>n_events, or null.</summary>
    public long? EventCount { get; init; }

    /// <summary>paths.</summary>
    public PathSettings Paths { get; init; } = new();

    /// <summary>generator, or null.</summary>
    public GeneratorSettings? Generator { get; init; }

    /// <summary>All generator sections by name, the nominal one included.</summary>
    public IReadOnlyDictionary<string, GeneratorSettings> Generators { get; init; } = new Dictionary<string, GeneratorSettings>();

    /// <summary>score_flow, or null.</summary>
    public FlowSettings? ScoreFlow { get; init; }

    /// <summary>kin_flow, or null.</summary>
    public FlowSettings? KinFlow { get; init; }

    /// <summary>residual_score_model, or null.</summary>
    public ResidualSettings? ScoreResidual { get; init; }

    /// <summary>residual_kin_model, or null.</summary>
    public ResidualSettings? KinResidual { get; init; }

    /// <summary>score_systematics, or its old form; empty where the file has neither.</summary>
    public IReadOnlyList<SystematicTemplate> ScoreSystematics { get; init; } = [];

    /// <summary>kin_systematics, or its old form; empty where the file has neither.</summary>
    public IReadOnlyList<SystematicTemplate> KinSystematics { get; init; } = [];

    /// <summary>training.score, or null.</summary>
    public TrainingSettings? ScoreTraining { get; init; }

    /// <summary>training.kin, or null.</summary>
    public TrainingSettings? KinTraining { get; init; }

    /// <summary>validation.</summary>
    public ValidationSettings Validation { get; init; } = new();

    /// <summary>Returns a section, or says which key the file lacks and for what.</summary>
    /// <param name="section">A property of this config.</param>
    /// <param name="key">Its key in the file.</param>
    /// <param name="purpose">Who needs it, for the message: "train-base-flows".</param>
    /// <exception cref="ConfigurationException">The section is null.</exception>
    public T Require<T>(T? section, string key, string purpose)
        where T : class =>
        section ?? throw new ConfigurationException($"{File}: the key '{key}' is missing, and {purpose} needs it.");

    /// <summary>An error about a key, with the file and the line.</summary>
    /// <param name="key">The key, "training.kin"; where the file lacks it, the sentence names the file alone.</param>
    /// <param name="message">One sentence that names the key and says what was expected and what came.</param>
    /// <param name="cause">The cause, or null.</param>
    public ConfigurationException Error(string key, string message, Exception? cause = null) =>
        new(Lines.TryGetValue(key, out var line) ? string.Create(CultureInfo.InvariantCulture, $"{File}, line {line}: {message}") : $"{File}: {message}", cause!);

    /// <summary>Builds what a section describes, and names file, line and key where that cannot be built.</summary>
    /// <typeparam name="T">What is built.</typeparam>
    /// <param name="key">The section's key.</param>
    /// <param name="build">Builds it.</param>
    /// <exception cref="ConfigurationException">The values do not fit together, or ask for more memory than there is.</exception>
    public T Build<T>(string key, Func<T> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        try
        {
            return build();
        }
        catch (OutOfMemoryException error)
        {
            throw Error(key, $"'{key}' asks for more memory than there is.", error);
        }
        catch (Exception error) when (ContentBoundary.IsAboutContent(error))
        {
            throw Error(key, $"'{key}' cannot be used: {ContentBoundary.Sentence(error)}", error);
        }
    }
}
