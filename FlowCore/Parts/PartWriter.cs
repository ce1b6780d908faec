using System.Numerics;
using System.Text;
using System.Text.Json;
using FlowCore.IO;

namespace FlowCore.Parts;

/// <summary>Takes the constants of parts, each under a name, and makes a JSON object of them.</summary>
/// <remarks>Numbers are written so that they are read back to the same bits. Not thread-safe.</remarks>
public sealed class PartWriter
{
    internal const string KindName = "kind";

    // Deeper than any composition that anyone writes down.
    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 64 };

    private readonly Utf8JsonWriter _json;

    private PartWriter(Utf8JsonWriter json) => _json = json;

    /// <summary>Writes an integer.</summary>
    /// <param name="name">The name, one of its own within the part.</param>
    /// <param name="value">The value.</param>
    public void Write(string name, int value) => _json.WriteNumber(name, value);

    /// <summary>Writes a finite number.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public void Write(string name, double value) => _json.WriteNumber(name, value);

    /// <summary>Writes a yes or no.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public void Write(string name, bool value) => _json.WriteBoolean(name, value);

    /// <summary>Writes a text.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The text.</param>
    public void Write(string name, string value) => _json.WriteString(name, value);

    /// <summary>Writes integers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The values.</param>
    public void Write(string name, ReadOnlySpan<int> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteNumberValue(value);
        _json.WriteEndArray();
    }

    /// <summary>Writes finite numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">One is not finite.</exception>
    public void Write(string name, ReadOnlySpan<double> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteNumberValue(value);
        _json.WriteEndArray();
    }

    /// <summary>Writes an inner part.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="NotSupportedException">No list has its kind.</exception>
    public void Write<T>(string name, Part<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(part);
        _json.WritePropertyName(name);
        WriteObject(part);
    }

    /// <summary>Writes inner parts in their order.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="parts">The parts.</param>
    /// <exception cref="NotSupportedException">No list has the kind of one of them.</exception>
    public void Write<T>(string name, IReadOnlyList<Part<T>> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parts);
        _json.WriteStartArray(name);
        foreach (var part in parts)
            WriteObject(part);
        _json.WriteEndArray();
    }

    /// <summary>The JSON object that an action writes into.</summary>
    internal static string ToJson(Action<PartWriter> write)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            write(new PartWriter(json));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    /// <summary>A part's kind and constants as JSON.</summary>
    internal static string ToJson<T>(Part<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ToJson(writer => writer.WriteFields(part));

    /// <summary>Parses a JSON object and turns what constructors say about it into the one exception for contents of files.</summary>
    /// <param name="json">The text.</param>
    /// <param name="largestSize">The largest size that a part may have: no memory is taken for more.</param>
    /// <param name="read">Reads it.</param>
    internal static TResult FromJson<TResult>(string json, int largestSize, Func<JsonFields, TResult> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, _strict);
            return read(new JsonFields(document.RootElement, "architecture", largestSize));
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException($"The architecture is not JSON: {ContentBoundary.Sentence(exception)}", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new ModelFormatException($"The architecture is out of range. {ContentBoundary.Sentence(exception)}", exception);
        }
    }

    private void WriteObject<T>(Part<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        _json.WriteStartObject();
        WriteFields(part);
        _json.WriteEndObject();
    }

    private void WriteFields<T>(Part<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        _json.WriteString(KindName, PartRegistry.Catalog<T>().KindOf(part));
        part.Write(this);
    }
}
