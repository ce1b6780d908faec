using System.Buffers.Binary;

namespace FlowCore.IO;

/// <summary>
/// The CRC-32 of zip files (ITU-T V.42: reflected polynomial 0xEDB88320, initial value and final complement all ones),
/// eight bytes at a time: table k holds the remainder of a byte that k zero bytes follow.
/// </summary>
internal static class Crc32
{
    private static readonly uint[][] _tables = CreateTables();

    /// <summary>The checksum of data that follows other data; 0 is the checksum of nothing.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        var tables = _tables;
        var state = ~checksum;
        while (data.Length >= 8)
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ state;
            state = tables[7][(byte)eight]
                ^ tables[6][(byte)(eight >> 8)]
                ^ tables[5][(byte)(eight >> 16)]
                ^ tables[4][(byte)(eight >> 24)]
                ^ tables[3][(byte)(eight >> 32)]
                ^ tables[2][(byte)(eight >> 40)]
                ^ tables[1][(byte)(eight >> 48)]
                ^ tables[0][(byte)(eight >> 56)];
            data = data[8..];
        }

        foreach (var one in data)
            state = tables[0][(byte)(state ^ one)] ^ (state >> 8);

        return ~state;
    }

    private static uint[][] CreateTables()
    {
        var tables = new uint[8][];
        for (var k = 0; k < tables.Length; k++)
        {
            tables[k] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                var state = k == 0 ? i : tables[k - 1][i];
                for (var bit = 0; bit < 8; bit++)
                    state = (state & 1) != 0 ? (state >> 1) ^ 0xEDB88320 : state >> 1;

                tables[k][i] = state;
            }
        }

        return tables;
    }
}
