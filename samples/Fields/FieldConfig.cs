using System.Text.Json;
using System.Text.Json.Serialization;
using FlowCore.IO;

namespace LognormalFields;

/// <summary>What a config file says: the toy, the flow, and how to train it. Immutable.</summary>
/// <param name="Model">The model's file, relative to the config's folder.</param>
/// <param name="Toy">The fields.</param>
/// <param name="Flow">The flow.</param>
/// <param name="Training">The training.</param>
internal sealed record FieldConfig(string Model, ToySettings Toy, FlowSettings Flow, TrainingSettings Training)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The file it was read from.</summary>
    [JsonIgnore]
    public string File { get; private init; } = "";

    /// <summary>The model's full path.</summary>
    [JsonIgnore]
    public string ModelPath => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(File))!, Model));

    /// <summary>Reads a config.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">The file is no config; the message says where and why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FieldConfig Read(string path)
    {
        try
        {
            var config = JsonSerializer.Deserialize<FieldConfig>(System.IO.File.ReadAllText(path), _json)
                ?? throw new FormatException($"{path}: expected a config, got null.");
            config.Check();
            return config with { File = path };
        }
        catch (JsonException error)
        {
            throw new FormatException($"{path} is no config: {ContentBoundary.Sentence(error)}", error);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"{path}: {ContentBoundary.Sentence(error)}", error);
        }
    }

    private void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Model);
        ArgumentOutOfRangeException.ThrowIfLessThan(Toy.Side, 2, "side");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Toy.Side, 1024, "side");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Toy.Sigma, "sigma");
        ArgumentOutOfRangeException.ThrowIfNegative(Flow.Bins, "bins");
        ArgumentOutOfRangeException.ThrowIfNegative(Flow.Couplings, "couplings");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Training.BatchSize, "batch_size");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Training.Epochs, "epochs");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Training.StepsPerEpoch, "steps_per_epoch");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Training.LearningRate, "learning_rate");
    }
}
