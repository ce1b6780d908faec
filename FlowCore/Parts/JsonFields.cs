using System.Text.Json;
using FlowCore.IO;

namespace FlowCore.Parts;

/// <summary>The fields of a JSON object, each taken once, so that a missing, mistyped or unknown one can be named.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unused = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly int _largestSize;

    /// <param name="element">The object.</param>
    /// <param name="path">Where it is, for messages.</param>
    /// <param name="largestSize">A size beyond it is not a model's: no memory is taken for it.</param>
    public JsonFields(JsonElement element, string path, int largestSize)
    {
        _path = path;
        _largestSize = largestSize;
        if (element.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"The metadata's {path} is not a JSON object.");
        foreach (var property in element.EnumerateObject())
        {
            if (!_fields.TryAdd(property.Name, property.Value))
                throw new ModelFormatException($"The metadata's {path} has two fields {ModelFormatException.Quote(property.Name)}.");
            _unused.Add(property.Name);
        }
    }

    public string Path => _path;

    public bool Has(string name) => _fields.ContainsKey(name);

    public string Text(string name) => Take(name, JsonValueKind.String).GetString()!;

    public double Number(string name) => Take(name, JsonValueKind.Number).GetDouble();

    public int Integer(string name) => Integer(Take(name, JsonValueKind.Number), name, 0);

    public int Size(string name) => Integer(Take(name, JsonValueKind.Number), name, 1);

    public bool Flag(string name)
    {
        var element = Take(name, null);
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? element.GetBoolean()
            : throw new ModelFormatException($"The metadata's {_path}.{name} is not true or false.");
    }

    public TEnum Enumeration<TEnum>(string name)
        where TEnum : struct, Enum
    {
        var text = Text(name);
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (value.ToString() == text)
                return value;
        }

        throw new ModelFormatException($"The metadata's {_path}.{name} is {ModelFormatException.Quote(text)}; expected one of {string.Join(", ", Enum.GetNames<TEnum>())}.");
    }

    public UnaryFunction Function(string name)
    {
        var text = Text(name);
        return UnaryFunction.TryParse(text, out var function)
            ? function
            : throw new ModelFormatException($"The metadata's {_path}.{name} is {ModelFormatException.Quote(text)}; expected one of {string.Join(", ", UnaryFunction.All)}.");
    }

    public int[] Integers(string name) => [.. Take(name, JsonValueKind.Array).EnumerateArray().Select(element => Integer(element, name, 0))];

    public double[] Numbers(string name) => [.. Take(name, JsonValueKind.Array).EnumerateArray().Select(element =>
        element.ValueKind == JsonValueKind.Number ? element.GetDouble() : throw new ModelFormatException($"The metadata's {_path}.{name} holds something that is not a number."))];

    public JsonFields Object(string name) => new(Take(name, JsonValueKind.Object), $"{_path}.{name}", _largestSize);

    public List<JsonFields> Objects(string name) =>
        [.. Take(name, JsonValueKind.Array).EnumerateArray().Select((element, i) => new JsonFields(element, $"{_path}.{name}[{i}]", _largestSize))];

    /// <summary>Names a field that nobody took, if there is one.</summary>
    public void CheckAllUsed()
    {
        foreach (var name in _unused)
            throw new ModelFormatException($"The metadata's {_path} has the unknown field {ModelFormatException.Quote(name)}.");
    }

    private int Integer(JsonElement element, string name, int least) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= least && value <= _largestSize
            ? value
            : throw new ModelFormatException($"The metadata's {_path}.{name} holds {ModelFormatException.Quote(element.GetRawText())}; expected an integer from {least} to {_largestSize}.");

    private JsonElement Take(string name, JsonValueKind? kind)
    {
        if (!_fields.TryGetValue(name, out var element))
            throw new ModelFormatException($"The metadata's {_path} has no field '{name}'.");
        if (kind is not null && element.ValueKind != kind)
            throw new ModelFormatException($"The metadata's {_path}.{name} is not of the kind {kind}.");
        _unused.Remove(name);
        return element;
    }
}
