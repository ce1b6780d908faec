using System.Diagnostics.CodeAnalysis;

namespace FlowCore.IO;

/// <summary>Facts about <see cref="ElementType"/>: sizes, and the correspondence with .NET types.</summary>
public static class ElementTypes
{
    /// <summary>The size of one element in bytes: 1, 2, 4 or 8.</summary>
    /// <param name="type">The element type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a defined value.</exception>
    public static int SizeInBytes(this ElementType type) => type switch
    {
        ElementType.Bool or ElementType.UInt8 or ElementType.Int8 => 1,
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => 4,
        ElementType.Int64 or ElementType.UInt64 or ElementType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Expected a defined element type."),
    };

    /// <summary>Whether the type is one of the four floating-point types.</summary>
    /// <param name="type">The element type.</param>
    public static bool IsFloatingPoint(this ElementType type) =>
        type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64;

    /// <summary>The element type that stores <typeparamref name="T"/> without conversion.</summary>
    /// <typeparam name="T">bool, an integer of 8 to 64 bits, <see cref="Half"/>, float or double.</typeparam>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is any other type.</exception>
    public static ElementType Of<T>()
        where T : unmanaged =>
        TryOf<T>(out var type)
            ? type
            : throw new NotSupportedException(
                $"Expected bool, an integer of 8 to 64 bits, Half, float or double as element type, got {typeof(T)}.");

    [SuppressMessage("Maintainability", "CA1502:Avoid excessive complexity", Justification = "A table of types.")]
    internal static bool TryOf<T>(out ElementType type)
        where T : unmanaged
    {
        ElementType? found =
            typeof(T) == typeof(float) ? ElementType.Float32
            : typeof(T) == typeof(double) ? ElementType.Float64
            : typeof(T) == typeof(long) ? ElementType.Int64
            : typeof(T) == typeof(int) ? ElementType.Int32
            : typeof(T) == typeof(bool) ? ElementType.Bool
            : typeof(T) == typeof(byte) ? ElementType.UInt8
            : typeof(T) == typeof(sbyte) ? ElementType.Int8
            : typeof(T) == typeof(short) ? ElementType.Int16
            : typeof(T) == typeof(ushort) ? ElementType.UInt16
            : typeof(T) == typeof(uint) ? ElementType.UInt32
            : typeof(T) == typeof(ulong) ? ElementType.UInt64
            : typeof(T) == typeof(Half) ? ElementType.Float16
            : null;
        type = found.GetValueOrDefault();
        return found.HasValue;
    }
}
