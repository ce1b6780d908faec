using System.Numerics;
using System.Text.Json;

namespace FlowCore.Parts;

/// <summary>Copies of parts, possibly in another precision, made from what the parts say about themselves.</summary>
internal static class PartConversion
{
    /// <summary>The same part with the same numbers in another precision, its parameters not yet in a store.</summary>
    /// <typeparam name="TPart">The class of the copy, for the other number type.</typeparam>
    /// <typeparam name="T">The number type of the part.</typeparam>
    /// <typeparam name="TOther">The number type of the copy.</typeparam>
    /// <param name="part">The part.</param>
    /// <returns>The copy; it shares nothing with the part.</returns>
    /// <exception cref="ArgumentException">A constant is too large or too small for the other number type.</exception>
    /// <exception cref="NotSupportedException">The part, or one inside it, is of a kind that no list has.</exception>
    public static TPart Convert<TPart, T, TOther>(Part<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
        where TPart : Part<TOther>
    {
        // No file is read here: what a constructor says about a constant that the other type does not hold goes out as it is.
        using var constants = JsonDocument.Parse(PartWriter.ToJson(part), PartWriter.Strict);
        var other = (TPart)PartRegistry.Catalog<TOther>().Read(new JsonFields(constants.RootElement, "architecture", int.MaxValue));
        CopyNumbers(part, other);
        return other;
    }

    private static void CopyNumbers<T, TOther>(Part<T> source, Part<TOther> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        for (var i = 0; i < source.Parameters.Count; i++)
            source.Parameters[i].CopyTo(destination.Parameters[i]);
    }
}
