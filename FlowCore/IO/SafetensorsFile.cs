using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace FlowCore.IO;

/// <summary>
/// The safetensors format (https://github.com/huggingface/safetensors): 8 bytes of header length, little-endian; a
/// JSON object that gives each tensor's "dtype", "shape" and "data_offsets", with text metadata under
/// "__metadata__"; then the tensors' bytes without gaps.
/// </summary>
/// <remarks>
/// The reader takes what other libraries write and checks everything: the header fits the file, no key comes twice,
/// the tensors cover the data exactly and without overlap, and every size agrees with type and shape. What a header of many small
/// entries takes is counted against the file's budget, 64 MiB and sixteen times its size.
/// The writer is deterministic: equal archives in equal order give equal bytes.
/// </remarks>
public static class SafetensorsFile
{
    /// <summary>The largest header that is read, in bytes; the format's own limit.</summary>
    public const int MaximumHeaderLength = 100_000_000;

    private const string MetadataKey = "__metadata__";

    // What an entry takes at most, in bytes, in the lists and tables that hold it, without its texts.
    private const int TensorCost = 640;
    private const int MetadataCost = 320;

    private static readonly JsonReaderOptions _readerOptions = new() { MaxDepth = 4 };

    private static readonly JsonWriterOptions _writerOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors in the order of the header, with the metadata.</returns>
    /// <exception cref="ModelFormatException">The content is not safetensors.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static TensorArchive Read(string path)
    {
        return ContentBoundary.Read(path, () =>
        {
            using var stream = InputFile.Open(path);
            return Read(stream, path);
        });
    }

    /// <summary>Reads from a stream's position to its end.</summary>
    /// <param name="stream">A readable stream; it need not be seekable.</param>
    /// <param name="name">What to call the stream in messages, or null.</param>
    /// <returns>The tensors in the order of the header, with the metadata.</returns>
    /// <exception cref="ModelFormatException">The content is not safetensors.</exception>
    public static TensorArchive Read(Stream stream, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = name ?? InputFile.Describe(stream);
        var prefix = InputFile.ReadExactly(stream, 8)
            ?? throw Error(file, null, "Expected 8 bytes of header length, the file is shorter.");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MaximumHeaderLength)
        {
            throw Error(
                file, null, $"Expected a header of at most {MaximumHeaderLength} bytes, its length says {headerLength}.");
        }

        // Of the data nothing is in memory twice, so that the header alone decides.
        var budget = new ReadBudget(file, ReadBudget.Of((long)headerLength));
        var header = InputFile.ReadExactly(stream, (int)headerLength)
            ?? throw Error(file, null, $"Expected a header of {headerLength} bytes, the file is shorter.");
        (var entries, var metadata) = ReadHeader(file, header, budget);

        // Bytes are read in the order of the data, whatever the order of the header.
        List<Entry> byOffset = [.. entries];
        byOffset.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
        CheckCoverage(file, stream, byOffset);
        foreach (var entry in byOffset)
        {
            if (entry.End - entry.Start > Array.MaxLength)
            {
                throw Error(
                    file, entry.Name, $"Expected at most {Array.MaxLength} bytes, got {entry.End - entry.Start}.");
            }

            var bytes = InputFile.ReadExactly(stream, (int)(entry.End - entry.Start))
                ?? throw Error(
                    file, entry.Name, $"Expected data at offsets {entry.Start} to {entry.End}, the file is shorter.");
            entry.Bytes = entry.Type is null ? [] : bytes;
        }

        if (stream.ReadByte() >= 0)
        {
            var end = byOffset.Count > 0 ? byOffset[^1].End : 0;
            throw Error(file, null, $"Expected the file to end after {end} bytes of data, it goes on.");
        }

        var tensors = new List<TensorData>(entries.Count);
        var unread = new List<KeyValuePair<string, string>>();
        foreach (var entry in entries)
        {
            if (entry.Type is { } type)
                tensors.Add(new TensorData(entry.Name, type, entry.Shape, entry.Bytes));
            else
                unread.Add(new(entry.Name, $"a tensor of {ModelFormatException.Quote(entry.Dtype)}"));
        }

        return new TensorArchive(tensors, metadata, unread);
    }

    /// <summary>Writes a file, whole or not at all (see <see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="archive">Tensors and metadata.</param>
    /// <exception cref="ArgumentException">A tensor or metadata entry cannot be named in this format.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(string path, TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        AtomicFile.Write(path, stream => Write(stream, archive));
    }

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">A writable stream; it is not closed.</param>
    /// <param name="archive">Tensors and metadata.</param>
    /// <exception cref="ArgumentException">A tensor or metadata entry cannot be named in this format.</exception>
    public static void Write(Stream stream, TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(archive);

        // Wide elements come first in the data, so that every tensor is aligned to its element size.
        var layout = new int[archive.Count];
        for (var i = 0; i < layout.Length; i++)
            layout[i] = i;

        Array.Sort(layout, (a, b) =>
        {
            var bySize = archive[b].ElementType.SizeInBytes().CompareTo(archive[a].ElementType.SizeInBytes());
            return bySize != 0 ? bySize : a.CompareTo(b);
        });
        var starts = new long[archive.Count];
        long offset = 0;
        foreach (var i in layout)
        {
            starts[i] = offset;
            offset += archive[i].Bytes.Length;
        }

        var header = WriteHeader(archive, starts);
        var padded = (header.Length + 7) / 8 * 8;
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)padded);
        stream.Write(prefix);
        stream.Write(header);
        stream.Write("        "u8[..(padded - header.Length)]);
        foreach (var i in layout)
            stream.Write(archive[i].Bytes.Span);
    }

    /// <summary>The format's name of an element type.</summary>
    internal static string DtypeName(ElementType type) => type switch
    {
        ElementType.Bool => "BOOL",
        ElementType.UInt8 => "U8",
        ElementType.Int8 => "I8",
        ElementType.Int16 => "I16",
        ElementType.UInt16 => "U16",
        ElementType.Int32 => "I32",
        ElementType.UInt32 => "U32",
        ElementType.Int64 => "I64",
        ElementType.UInt64 => "U64",
        ElementType.Float16 => "F16",
        ElementType.BFloat16 => "BF16",
        ElementType.Float32 => "F32",
        ElementType.Float64 => "F64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Expected a defined element type."),
    };

    private static ElementType? TypeOf(string dtype) => dtype switch
    {
        "BOOL" => ElementType.Bool,
        "U8" => ElementType.UInt8,
        "I8" => ElementType.Int8,
        "I16" => ElementType.Int16,
        "U16" => ElementType.UInt16,
        "I32" => ElementType.Int32,
        "U32" => ElementType.UInt32,
        "I64" => ElementType.Int64,
        "U64" => ElementType.UInt64,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "F32" => ElementType.Float32,
        "F64" => ElementType.Float64,
        _ => null,
    };

    private static ReadOnlySpan<byte> WriteHeader(TensorArchive archive, long[] starts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, _writerOptions))
        {
            json.WriteStartObject();
            if (archive.Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((var key, var value) in archive.Metadata)
                    json.WriteString(key, value);

                json.WriteEndObject();
            }

            for (var i = 0; i < archive.Count; i++)
            {
                var tensor = archive[i];
                if (tensor.Name == MetadataKey)
                {
                    throw new ArgumentException(
                        $"Expected no tensor named '{MetadataKey}': safetensors reserves the name.", nameof(archive));
                }

                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", DtypeName(tensor.ElementType));
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    json.WriteNumberValue(size);

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(starts[i]);
                json.WriteNumberValue(starts[i] + tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (buffer.WrittenCount > MaximumHeaderLength - 8)
        {
            throw new ArgumentException(
                $"Expected names and metadata of at most {MaximumHeaderLength} bytes, got {buffer.WrittenCount}.",
                nameof(archive));
        }

        return buffer.WrittenSpan;
    }

    private static (List<Entry> Entries, List<KeyValuePair<string, string>> Metadata) ReadHeader(
        string file, byte[] header, ReadBudget budget)
    {
        if (header.Length == 0 || header[0] != (byte)'{')
            throw Error(file, null, "Expected the header to be a JSON object that starts at its first byte.");

        if (!Utf8.IsValid(header))
            throw Error(file, null, "Expected the header to be valid UTF-8.");

        try
        {
            return ParseHeader(file, header, budget);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader's own message counts lines and bytes from zero and may quote the input; the place is enough.
            var place = e is JsonException { BytePositionInLine: { } position } ? $" near byte {position}" : "";
            throw Error(file, null, $"Expected the header to be valid JSON, it is not{place}.", e);
        }
    }

    private static (List<Entry> Entries, List<KeyValuePair<string, string>> Metadata) ParseHeader(
        string file, byte[] header, ReadBudget budget)
    {
        var entries = new List<Entry>();
        var metadata = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(header, _readerOptions);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            if (!names.Add(name))
                throw Error(file, null, $"Expected every key once, {ModelFormatException.Quote(name)} comes twice.");

            if (name == MetadataKey)
            {
                ParseMetadata(file, ref json, metadata, budget);
            }
            else
            {
                budget.Take(TensorCost + (2L * name.Length), "the entries of the header");
                entries.Add(ParseEntry(file, name, ref json));
            }
        }

        // Nothing but white space may follow; the reader throws where anything does.
        json.Read();
        return (entries, metadata);
    }

    private static void ParseMetadata(
        string file, ref Utf8JsonReader json, List<KeyValuePair<string, string>> metadata, ReadBudget budget)
    {
        Expect(file, null, ref json, JsonTokenType.StartObject, $"an object as '{MetadataKey}'");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            if (!keys.Add(key))
            {
                throw Error(
                    file, null, $"Expected every metadata key once, {ModelFormatException.Quote(key)} comes twice.");
            }

            Expect(file, null, ref json, JsonTokenType.String, $"text as metadata {ModelFormatException.Quote(key)}");
            budget.Take(MetadataCost + (2L * (key.Length + json.ValueSpan.Length)), "the metadata");
            metadata.Add(new(key, json.GetString()!));
        }
    }

    private static Entry ParseEntry(string file, string name, ref Utf8JsonReader json)
    {
        Expect(file, name, ref json, JsonTokenType.StartObject, "an object with dtype, shape and data_offsets");
        string? dtype = null;
        ImmutableArray<long>? shape = null;
        ImmutableArray<long>? offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            var isRepeated = key switch
            {
                "dtype" => dtype is not null,
                "shape" => shape.HasValue,
                "data_offsets" => offsets.HasValue,
                _ => throw Error(
                    file, name, $"Expected dtype, shape and data_offsets, got {ModelFormatException.Quote(key)}."),
            };
            if (isRepeated)
                throw Error(file, name, $"Expected '{key}' once, it comes twice.");

            if (key == "dtype")
            {
                Expect(file, name, ref json, JsonTokenType.String, "text as dtype");
                dtype = json.GetString()!;
            }
            else
            {
                var numbers = ParseNumbers(file, name, key, ref json);
                shape = key == "shape" ? numbers : shape;
                offsets = key == "data_offsets" ? numbers : offsets;
            }
        }

        if (dtype is null || shape is null || offsets is null)
        {
            var missing = dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw Error(file, name, $"Expected '{missing}', it is missing.");
        }

        if (offsets.Value.Length != 2 || offsets.Value[0] > offsets.Value[1])
        {
            throw Error(
                file,
                name,
                $"Expected two ascending data_offsets, got {TensorData.FormatShape(offsets.Value.AsSpan())}.");
        }

        (var start, var end) = (offsets.Value[0], offsets.Value[1]);
        var shown = TensorData.FormatShape(shape.Value.AsSpan());

        // A type that this library does not have says nothing about the number of bytes; its tensor stays unread.
        if (TypeOf(dtype) is not { } type)
            return new Entry(name, null, dtype, shape.Value, start, end);

        if (!TensorData.TryByteCount(type, shape.Value.AsSpan(), out var byteCount))
            throw Error(file, name, $"Expected a shape whose size fits 63 bits, got {shown}.");

        if (end - start != byteCount)
        {
            throw Error(
                file,
                name,
                $"Expected {byteCount} bytes for {dtype} {shown}, data_offsets span {end - start}.");
        }

        return new Entry(name, type, dtype, shape.Value, start, end);
    }

    private static ImmutableArray<long> ParseNumbers(string file, string name, string key, ref Utf8JsonReader json)
    {
        Expect(file, name, ref json, JsonTokenType.StartArray, $"an array as {key}");
        var numbers = ImmutableArray.CreateBuilder<long>(4);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var number) || number < 0)
                throw Error(file, name, $"Expected integers from 0 to {long.MaxValue} in {key}, got something else.");

            if (numbers.Count == TensorData.MaximumRank)
                throw Error(file, name, $"Expected at most {TensorData.MaximumRank} dimensions, there are more.");

            numbers.Add(number);
        }

        return numbers.DrainToImmutable();
    }

    private static void Expect(
        string file, string? tensor, ref Utf8JsonReader json, JsonTokenType type, string expected)
    {
        json.Read();
        if (json.TokenType != type)
            throw Error(file, tensor, $"Expected {expected}, got {json.TokenType}.");
    }

    private static void CheckCoverage(string file, Stream stream, List<Entry> byOffset)
    {
        long covered = 0;
        foreach (var entry in byOffset)
        {
            if (entry.Start != covered)
            {
                throw Error(
                    file,
                    entry.Name,
                    $"Expected its data to start at offset {covered}, where the tensor before ends, got {entry.Start}.");
            }

            covered = entry.End;
        }

        if (stream.CanSeek && stream.Length - stream.Position != covered)
        {
            throw Error(
                file, null, $"Expected {covered} bytes of data, the file has {stream.Length - stream.Position}.");
        }
    }

    private static ModelFormatException Error(string file, string? tensor, string problem, Exception? inner = null) =>
        new(file, tensor, problem, inner);

    private sealed class Entry(string name, ElementType? type, string dtype, ImmutableArray<long> shape, long start, long end)
    {
        public string Name { get; } = name;

        /// <summary>Null for a type that this library does not have.</summary>
        public ElementType? Type { get; } = type;

        public string Dtype { get; } = dtype;

        public ImmutableArray<long> Shape { get; } = shape;

        public long Start { get; } = start;

        public long End { get; } = end;

        public byte[] Bytes { get; set; } = [];
    }
}
