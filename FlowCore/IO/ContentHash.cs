using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// A SHA-256 of the tensors of an archive: names, element types, shapes and bytes. Metadata and the order of the
/// tensors do not enter, so that the hash names the weights and not the file they came in.
/// </summary>
public static class ContentHash
{
    /// <summary>Computes the hash.</summary>
    /// <param name="archive">The tensors.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <remarks>
    /// The digest runs over the number of tensors and then, in ordinal order of their names, over each tensor's name
    /// (UTF-8), type name, rank, dimensions and bytes. Every text and every byte sequence is preceded by its length
    /// and all numbers are 64-bit little-endian, so that no two different contents feed the digest the same bytes.
    /// </remarks>
    public static string Compute(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        TensorData[] tensors = [.. archive];
        Array.Sort(tensors, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        Append(hash, tensors.Length);
        foreach (var tensor in tensors)
        {
            Append(hash, Encoding.UTF8.GetBytes(tensor.Name));
            Append(hash, Encoding.UTF8.GetBytes(SafetensorsFile.DtypeName(tensor.ElementType)));
            Append(hash, tensor.Shape.Length);
            foreach (var size in tensor.Shape)
                Append(hash, size);

            Append(hash, tensor.Bytes.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }
}
