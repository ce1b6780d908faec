using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlowCore.IO;

/// <summary>Reversal of the bytes of each element, for big-endian files and big-endian hosts.</summary>
internal static class ByteOrder
{
    /// <summary>Turns little-endian elements into the host's order or back; nothing to do on most hosts.</summary>
    public static void ToHost(Span<byte> bytes, int elementSize)
    {
        if (!BitConverter.IsLittleEndian)
            Reverse(bytes, elementSize);
    }

    /// <summary>Reverses the bytes of every element of 1, 2, 4 or 8 bytes.</summary>
    public static void Reverse(Span<byte> bytes, int elementSize)
    {
        switch (elementSize)
        {
            case 2:
                var two = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                var eight = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }
}
