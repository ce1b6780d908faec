using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FlowCore.Manifolds;

namespace FlowCore.Interop;

/// <summary>Reads the keyword arguments of jammy_flows' <c>pdf</c>, as JSON, into <see cref="PdfOptions"/>.</summary>
internal static class JammyOptions
{
    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads options.</summary>
    /// <param name="json">
    /// An object with jammy_flows' names, for example <c>{"amortization_mlp_dims": "64-30", "options_overwrite": {"g": {"fit_normalization": 0}}}</c>. Keys of
    /// options_overwrite are a letter, the index of a factor, or "index,position".
    /// </param>
    /// <param name="fullyAmortized">Whether they are those of a fully_amortized_pdf.</param>
    /// <exception cref="ArgumentException">It is not of this form; the message names the option.</exception>
    public static PdfOptions Read(string json, bool fullyAmortized)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, _strict);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"Expected a JSON object of options, got something else: {exception.Message}", nameof(json), exception);
        }

        using (document)
        {
            try
            {
                var options = new PdfOptions { IsFullyAmortized = fullyAmortized };
                foreach (var option in Members(document.RootElement, "the options"))
                    options = With(options, option.Name, option.Value);
                return options;
            }
            catch (InvalidOperationException exception)
            {
                // Half of a surrogate pair is no text.
                throw new ArgumentException($"Expected texts in the options, got one that cannot be read: {exception.Message}", nameof(json), exception);
            }
        }
    }

    /// <summary>The options as JSON that <see cref="Read"/> reads: all but the coordinates, the initialisation and whether all is amortised.</summary>
    public static string Write(PdfOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Write(json, "conditional_input_dim", options.ConditionColumns, json.WriteNumberValue);
            Write(json, "amortization_mlp_dims", options.NetworkSizes, json.WriteStringValue);
            json.WriteBoolean("amortization_mlp_use_custom_mode", options.UsesCustomNetworks);
            Write(json, "amortization_mlp_ranks", options.NetworkRanks, json.WriteStringValue);
            json.WriteNumber("amortization_mlp_highway_mode", options.HighwayMode);
            Write(json, "inner_mlp_dims_sub_pdfs", options.InnerNetworkSizes, json.WriteStringValue);
            Write(json, "inner_mlp_ranks", options.InnerNetworkRanks, json.WriteStringValue);
            json.WriteNumber("inner_mlp_highway_mode", options.InnerHighwayMode);
            json.WriteBoolean("predict_log_normalization", options.PredictsLogMean);
            json.WriteBoolean("join_poisson_and_pdf_description", options.JoinsLogMean);
            json.WriteString("hidden_mlp_dims_poisson", options.LogMeanNetworkSizes);
            json.WriteNumber("damping_factor", options.DampingFactor);
            json.WriteStartObject("options_overwrite");
            foreach (var place in options.Layers.GroupBy(layer => (layer.Factor, layer.Position)))
                WriteOverrides(json, place.Key.Factor, place.Key.Position, place);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // Of two for one place and letter the later one holds.
    private static void WriteOverrides(Utf8JsonWriter json, int? factor, int? position, IEnumerable<LayerOverride> overrides)
    {
        if (factor is not null)
            json.WriteStartObject(position is null ? string.Create(CultureInfo.InvariantCulture, $"{factor}") : string.Create(CultureInfo.InvariantCulture, $"{factor},{position}"));
        foreach (var letter in overrides.GroupBy(layer => layer.Letter))
        {
            json.WriteStartObject(letter.Key.ToString());
            foreach (var (name, value) in letter.Last().Options)
            {
                if (value.Text is null)
                    json.WriteNumber(name, value.Number);
                else
                    json.WriteString(name, value.Text);
            }

            json.WriteEndObject();
        }

        if (factor is not null)
            json.WriteEndObject();
    }

    private static void Write<TItem>(Utf8JsonWriter json, string name, IReadOnlyList<TItem> items, Action<TItem> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            write(item);
        json.WriteEndArray();
    }

    private static PdfOptions With(PdfOptions options, string name, JsonElement value) => name switch
    {
        "conditional_input_dim" => options with { ConditionColumns = value.ValueKind == JsonValueKind.Null ? [] : [.. Items(value).Select(item => Integer(item, name))] },
        "options_overwrite" => options with { Layers = [.. Overrides(value)] },
        "amortization_mlp_dims" => options with { NetworkSizes = Texts(value, name) },
        "amortization_mlp_use_custom_mode" => options with { UsesCustomNetworks = Flag(value, name) },
        "amortization_mlp_ranks" => options with { NetworkRanks = Texts(value, name) },
        "amortization_mlp_highway_mode" => options with { HighwayMode = Integer(value, name) },
        "inner_mlp_dims_sub_pdfs" => options with { InnerNetworkSizes = Texts(value, name) },
        "inner_mlp_ranks" => options with { InnerNetworkRanks = Texts(value, name) },
        "inner_mlp_highway_mode" => options with { InnerHighwayMode = Integer(value, name) },
        "predict_log_normalization" => options with { PredictsLogMean = Flag(value, name) },
        "join_poisson_and_pdf_description" => options with { JoinsLogMean = Flag(value, name) },
        "hidden_mlp_dims_poisson" => options with { LogMeanNetworkSizes = Text(value, name) },
        "damping_factor" => options with { DampingFactor = Number(value, name) },
        _ => throw new ArgumentException($"The option '{name}' is not known.", nameof(name)),
    };

    private static IEnumerable<LayerOverride> Overrides(JsonElement value)
    {
        foreach (var entry in Members(value, "options_overwrite"))
        {
            if (entry.Name is [>= 'a' and <= 'z'])
            {
                yield return new LayerOverride(entry.Name[0], Values(entry.Value, entry.Name));
                continue;
            }

            var words = entry.Name.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries);
            var numbers = new int[words.Length];
            for (var i = 0; i < words.Length; i++)
            {
                if (words.Length > 2 || !int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                    throw new ArgumentException($"Expected a letter, the index of a factor, or \"index,position\" in options_overwrite, got \"{entry.Name}\".", nameof(value));
            }

            foreach (var letter in Members(entry.Value, entry.Name))
            {
                if (letter.Name is not [>= 'a' and <= 'z'])
                    throw new ArgumentException($"Expected a letter in options_overwrite[\"{entry.Name}\"], got \"{letter.Name}\".", nameof(value));
                var options = Values(letter.Value, letter.Name);
                yield return numbers.Length == 1
                    ? new LayerOverride(numbers[0], letter.Name[0], options)
                    : new LayerOverride(numbers[0], numbers[1], letter.Name[0], options);
            }
        }
    }

    private static Dictionary<string, OptionValue> Values(JsonElement value, string name) =>
        Members(value, name).ToDictionary(member => member.Name, member => Value(member.Value, member.Name));

    private static OptionValue Value(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!,
        _ => throw new ArgumentException($"Expected a number or a text for the option '{name}', got {value.GetRawText()}.", nameof(value)),
    };

    private static JsonElement.ObjectEnumerator Members(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject()
        : throw new ArgumentException($"Expected a JSON object for {name}, got {value.GetRawText()}.", nameof(value));

    private static JsonElement[] Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];

    private static string[] Texts(JsonElement value, string name) => [.. Items(value).Select(item => Text(item, name))];

    private static string Text(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new ArgumentException($"Expected a text such as \"64-30\" for the option '{name}', got {value.GetRawText()}.", nameof(value)),
    };

    private static int Integer(JsonElement value, string name) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
        ? number
        : throw new ArgumentException($"Expected an integer for the option '{name}', got {value.GetRawText()}.", nameof(value));

    private static double Number(JsonElement value, string name) => value.ValueKind == JsonValueKind.Number
        ? value.GetDouble()
        : throw new ArgumentException($"Expected a number for the option '{name}', got {value.GetRawText()}.", nameof(value));

    private static bool Flag(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.GetDouble() is 0 or 1 => value.GetDouble() == 1,
        _ => throw new ArgumentException($"Expected true or false for the option '{name}', got {value.GetRawText()}.", nameof(value)),
    };
}
