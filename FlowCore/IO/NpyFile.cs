namespace FlowCore.IO;

/// <summary>
/// NumPy's .npy format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), versions 1.0, 2.0
/// and 3.0: one array of bool, integers or floating point, in C or Fortran order and either byte order. Structured
/// and object arrays are refused. For files larger than memory see <see cref="NpyReader"/> and
/// <see cref="NpyWriter"/>.
/// </summary>
public static class NpyFile
{
    /// <summary>Reads a file; the tensor's name is the file's name without its extension.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array in C order.</returns>
    /// <exception cref="ModelFormatException">The content is not a plain .npy array.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static TensorData Read(string path)
    {
        return ContentBoundary.Read(path, () =>
        {
            using var stream = InputFile.Open(path);
            var header = ReadHeader(stream, path, null);
            return ReadData(stream, header, path, null, Path.GetFileNameWithoutExtension(path));
        });
    }

    /// <summary>Reads from a stream's position to its end.</summary>
    /// <param name="stream">A readable stream; it need not be seekable.</param>
    /// <param name="name">The tensor's name, also used in messages.</param>
    /// <returns>The array in C order.</returns>
    /// <exception cref="ModelFormatException">The content is not a plain .npy array.</exception>
    public static TensorData Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        var file = InputFile.Describe(stream);
        return ReadData(stream, ReadHeader(stream, file, name), file, name, name);
    }

    /// <summary>Writes a file in C order, whole or not at all (see <see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="tensor">The array; its name is not stored. .npy has no bfloat16.</param>
    /// <exception cref="ArgumentException">The element type cannot be stored.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(string path, TensorData tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var header = NpyHeader.Format(tensor.ElementType, tensor.Shape.AsSpan());
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            stream.Write(tensor.Bytes.Span);
        });
    }

    /// <summary>Writes numbers to a file in C order, whole or not at all (see <see cref="AtomicFile"/>).</summary>
    /// <typeparam name="T">bool, an integer of 8 to 64 bits, <see cref="Half"/>, float or double.</typeparam>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="shape">The sizes of the dimensions; empty for a scalar.</param>
    /// <param name="values">The elements in C order, as many as the product of the shape.</param>
    /// <exception cref="ArgumentException">The number of values differs from the product of the shape.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write<T>(string path, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged =>
        Write(path, TensorData.Create("", shape, values));

    /// <summary>Writes to a stream in C order.</summary>
    /// <param name="stream">A writable stream; it is not closed.</param>
    /// <param name="tensor">The array; its name is not stored. .npy has no bfloat16.</param>
    /// <exception cref="ArgumentException">The element type cannot be stored.</exception>
    public static void Write(Stream stream, TensorData tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        stream.Write(NpyHeader.Format(tensor.ElementType, tensor.Shape.AsSpan()));
        stream.Write(tensor.Bytes.Span);
    }

    /// <summary>Reads the header and, where the stream says its length, checks that the data has the size it says.</summary>
    internal static NpyHeader ReadHeader(Stream stream, string file, string? tensor)
    {
        var header = NpyHeader.Read(stream, file, tensor);
        if (InputFile.Remaining(stream) is { } remaining && remaining != header.DataLength)
            throw WrongLength(header, file, tensor, $"got {remaining}");

        return header;
    }

    /// <summary>Reads the data after a header and checks that the stream ends with it.</summary>
    internal static TensorData ReadData(Stream stream, NpyHeader header, string file, string? tensor, string name)
    {
        if (header.DataLength > Array.MaxLength)
        {
            throw new ModelFormatException(
                file,
                tensor,
                $"Expected at most {Array.MaxLength} bytes in one piece, got {header.DataLength}: read it in rows.");
        }

        var bytes = InputFile.ReadExactly(stream, (int)header.DataLength)
            ?? throw WrongLength(header, file, tensor, "the file is shorter");
        if (stream.ReadByte() >= 0)
            throw WrongLength(header, file, tensor, "there are more");

        var size = header.ElementType.SizeInBytes();
        if (header.IsBigEndian)
            ByteOrder.Reverse(bytes, size);

        if (header.IsFortranOrder && header.Shape.Length > 1)
            bytes = FortranOrder.ToC(bytes, size, header.Shape.AsSpan());

        return new TensorData(name, header.ElementType, header.Shape, bytes);
    }

    private static ModelFormatException WrongLength(NpyHeader header, string file, string? tensor, string came) =>
        new(
            file,
            tensor,
            $"Expected {header.DataLength} bytes of data for {header.ElementType} " +
            $"{TensorData.FormatShape(header.Shape.AsSpan())}, {came}.");
}
