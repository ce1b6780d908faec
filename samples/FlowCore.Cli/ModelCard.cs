using System.Text;
using System.Text.Json;
using CommandLine.Exchange;
using FlowCore.Files;

namespace FlowCore.Cli;

/// <summary>What a model's file notes about its columns, in the summary of its training. Files of others have none.</summary>
/// <param name="Columns">The names of the features; null where the file has none.</param>
/// <param name="ContextColumns">The names of the context's columns; null where the file has none.</param>
internal sealed record ModelCard(IReadOnlyList<string>? Columns, IReadOnlyList<string>? ContextColumns)
{
    /// <summary>The note of the table that a model was fitted to.</summary>
    public const string DataKey = "data";

    private const string ColumnsKey = "columns";
    private const string ContextKey = "context_columns";
    private const string WeightsKey = "weights";
    private const string FlagsKey = "flags";

    /// <summary>The column of the weights that the fit gave its rows; null for none.</summary>
    public string? Weights { get; init; }

    /// <summary>What the command of the fit said, by its flags; null where the file does not note it.</summary>
    public IReadOnlyDictionary<string, string>? Flags { get; init; }

    /// <summary>Where the model comes from, and what was said to make it: names and values, in the order in which they are written.</summary>
    public IReadOnlyList<(string Name, object Value)> Notes { get; init; } = [];

    /// <summary>Reads the card of a model.</summary>
    /// <param name="tensors">The model's file.</param>
    /// <param name="features">How many features the model has: names for another number are none.</param>
    /// <param name="contextFeatures">How many columns its context has.</param>
    public static ModelCard Of(ModelTensors tensors, int features, int contextFeatures)
    {
        if (!tensors.IsOwnFormat)
            return new ModelCard(null, null);
        try
        {
            using var training = JsonDocument.Parse(ModelFile.Describe(tensors.Archive).Training ?? "null");
            return new ModelCard(Names(training.RootElement, ColumnsKey, features), Names(training.RootElement, ContextKey, contextFeatures))
            {
                Weights = training.RootElement.ValueKind == JsonValueKind.Object && training.RootElement.TryGetProperty(WeightsKey, out var name) && name.ValueKind == JsonValueKind.String
                    ? name.GetString()
                    : null,
                Flags = FlagsOf(training.RootElement),
            };
        }
        catch (JsonException)
        {
            // Any text may stand there; then it names no columns.
            return new ModelCard(null, null);
        }
    }

    /// <summary>The name of the table that a model was fitted to; null where its file does not say.</summary>
    /// <param name="tensors">The model's file.</param>
    public static string? DataOf(ModelTensors tensors)
    {
        if (!tensors.IsOwnFormat)
            return null;
        try
        {
            using var training = JsonDocument.Parse(ModelFile.Describe(tensors.Archive).Training ?? "null");
            return training.RootElement.ValueKind == JsonValueKind.Object && training.RootElement.TryGetProperty(DataKey, out var data) && data.ValueKind == JsonValueKind.String
                ? data.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The names of the features, x0, x1 and so on where there are none.</summary>
    /// <param name="features">How many features there are.</param>
    public string[] NamesOr(int features) => [.. Columns ?? [.. Enumerable.Range(0, features).Select(j => $"x{j}")]];

    /// <summary>The card as the summary of a training.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Write(json, ColumnsKey, Columns);
            Write(json, ContextKey, ContextColumns);
            if (Weights is not null)
                json.WriteString(WeightsKey, Weights);
            if (Flags is not null)
            {
                json.WritePropertyName(FlagsKey);
                JsonSerializer.Serialize(json, Flags);
            }

            foreach (var (name, value) in Notes)
            {
                if (value is double number && !double.IsFinite(number))
                    continue;
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value, value.GetType());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string key, IReadOnlyList<string>? names)
    {
        if (names is not { Count: > 0 })
            return;
        json.WriteStartArray(key);
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static Dictionary<string, string>? FlagsOf(JsonElement training) =>
        training.ValueKind == JsonValueKind.Object && training.TryGetProperty(FlagsKey, out var flags) && flags.ValueKind == JsonValueKind.Object
            ? flags.EnumerateObject().Where(flag => flag.Value.ValueKind == JsonValueKind.String).DistinctBy(flag => flag.Name).ToDictionary(flag => flag.Name, flag => flag.Value.GetString()!)
            : null;

    private static string[]? Names(JsonElement training, string key, int count)
    {
        if (training.ValueKind != JsonValueKind.Object || !training.TryGetProperty(key, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != count)
            return null;
        string[] names = [.. list.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String ? name.GetString() ?? "" : "")];
        return names.All(name => name.Length > 0) && names.Distinct().Count() == count ? names : null;
    }
}
