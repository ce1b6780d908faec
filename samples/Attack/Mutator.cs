using System.Buffers.Binary;
using System.Text;

namespace Attack;

/// <summary>Changes files at random: the same seed gives the same files.</summary>
internal static class Mutator
{
    private static readonly ulong[] _absurd =
        [0, 1, 127, 255, 65_535, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue, 1UL << 63, 10_000_000_000];

    private static readonly string[] _digits =
        ["", "0", "-1", "1e300", "1e-320", ".nan", "-.inf", "2147483647", "2147483648", "9223372036854775807", "99999999999999999999", "0x10", "1_0", "1.5", "null", "~", "1 2"];

    private static readonly string[] _marks =
        ["{", "}", "[", "]", "(", ")", ":", ": ", ",", "\"", "'", "\n", "\n  ", "- ", "? ", "#", "&a ", "*a", "<<: *a", "|", ">", "!", "%", "\\", "\0", "\u00e9", "---\n", "...\n", "true", "\t"];

    /// <summary>One changed file.</summary>
    /// <param name="random">The randomness.</param>
    /// <param name="file">A valid file; it stays as it is.</param>
    /// <param name="strategy">How.</param>
    public static byte[] Mutate(Random random, ReadOnlySpan<byte> file, MutationStrategy strategy)
    {
        var bytes = file.ToArray();
        if (bytes.Length == 0)
            return bytes;
        var at = Place(random, bytes.Length);
        var length = random.Next(1, Math.Min(64, bytes.Length - at) + 1);
        switch (strategy)
        {
            case MutationStrategy.Truncate:
                return bytes[..at];
            case MutationStrategy.FlipBits:
                for (var i = random.Next(4); i >= 0; i--)
                    bytes[Place(random, bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case MutationStrategy.Overwrite:
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
            case MutationStrategy.Remove:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case MutationStrategy.Repeat:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case MutationStrategy.Copy:
                bytes.AsSpan(random.Next(bytes.Length - length + 1), length).ToArray().CopyTo(bytes, at);
                return bytes;
            case MutationStrategy.AbsurdNumber:
                Span<byte> number = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(number, _absurd[random.Next(_absurd.Length)]);
                number[..Math.Min(1 << random.Next(4), bytes.Length - at)].CopyTo(bytes.AsSpan(at));
                return bytes;
            case MutationStrategy.AbsurdDigits:
                return Replace(bytes, at, _digits[random.Next(_digits.Length)]);
            case MutationStrategy.Structure:
                return random.Next(3) == 0
                    ? [.. bytes[..at], .. bytes[(at + 1)..]]
                    : [.. bytes[..at], .. Encoding.UTF8.GetBytes(_marks[random.Next(_marks.Length)]), .. bytes[at..]];
            default:
                return Exchange(random, bytes);
        }
    }

    // Structure is at both ends more often than in the middle.
    private static int Place(Random random, int length) => random.Next(3) switch
    {
        0 => random.Next(Math.Min(length, 400)),
        1 => length - 1 - random.Next(Math.Min(length, 400)),
        _ => random.Next(length),
    };

    private static byte[] Replace(byte[] bytes, int at, string digits)
    {
        var found = bytes.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (found < 0)
            return bytes;
        var start = at + found;
        var end = start;
        while (end < bytes.Length && bytes[end] is (>= (byte)'0' and <= (byte)'9') or (byte)'.')
            end++;
        return [.. bytes[..start], .. Encoding.ASCII.GetBytes(digits), .. bytes[end..]];
    }

    private static byte[] Exchange(Random random, byte[] bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split('\n');
        if (lines.Length < 3)
        {
            var half = bytes.Length / 2;
            return [.. bytes[half..], .. bytes[..half]];
        }

        int first = random.Next(lines.Length), second = random.Next(lines.Length);
        (lines[first], lines[second]) = (lines[second], lines[first]);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
