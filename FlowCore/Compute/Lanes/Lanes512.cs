using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowCore.Compute;

/// <summary>A register of 512 bits: 16 floats or 8 doubles.</summary>
/// <remarks>
/// Wraps <see cref="Vector512{T}"/>; the wrapper and the type tests vanish when the code is compiled. Where the hardware
/// has no registers of this width every member still gives the same numbers, only slowly.
/// </remarks>
internal readonly unsafe struct Lanes512<T> : IRegister<Lanes512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes512(Vector512<T> value) => _value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> a, Lanes512<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> a, Lanes512<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> a, Lanes512<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> a, Lanes512<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> a) => new(-a._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator &(Lanes512<T> a, Lanes512<T> b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator |(Lanes512<T> a, Lanes512<T> b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Create(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Constant(float single, double precise) =>
        typeof(T) == typeof(float) ? Create(Unsafe.BitCast<float, T>(single)) : Create(Unsafe.BitCast<double, T>(precise));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512<T> value, T* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LoadPartial(T* source, int count)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.MaskLoad((float*)source, FirstSingle(count), Vector512<float>.Zero).As<float, T>())
                : new(Avx512F.MaskLoad((double*)source, FirstDouble(count), Vector512<double>.Zero).As<double, T>());
        }

        var value = default(Lanes512<T>);
        for (var i = 0; i < count; i++)
            ((T*)&value)[i] = source[i];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes512<T> value, T* destination, int count)
    {
        if (Avx512F.IsSupported)
        {
            if (typeof(T) == typeof(float))
                Avx512F.MaskStore((float*)destination, FirstSingle(count), value._value.AsSingle());
            else
                Avx512F.MaskStore((double*)destination, FirstDouble(count), value._value.AsDouble());
            return;
        }

        for (var i = 0; i < count; i++)
            destination[i] = ((T*)&value)[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> FusedMultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> a) => new(Vector512.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> a) => new(Vector512.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Min(Lanes512<T> a, Lanes512<T> b) => new(Vector512.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Max(Lanes512<T> a, Lanes512<T> b) => new(Vector512.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Round(Lanes512<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Round(a._value.AsSingle()).As<float, T>())
        : new(Vector512.Round(a._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Floor(Lanes512<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Floor(a._value.AsSingle()).As<float, T>())
        : new(Vector512.Floor(a._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LessThan(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThan(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LessThanOrEqual(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThanOrEqual(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Equal(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> a, Lanes512<T> b) =>
        new(Vector512.ConditionalSelect(mask._value, a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Lanes512<T> mask) => Vector512.EqualsAll(mask._value.AsByte(), Vector512<byte>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes512<T> a) => Lanes256<T>.Sum(a._value.GetLower() + a._value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ScaleByPowerOfTwo(Lanes512<T> a, Lanes512<T> n)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.Scale(a._value.AsSingle(), n._value.AsSingle()).As<float, T>())
                : new(Avx512F.Scale(a._value.AsDouble(), n._value.AsDouble()).As<double, T>());
        }

        // Two factors, so that a result below the smallest normal number is rounded once, by the second product.
        if (typeof(T) == typeof(float))
        {
            var exponent = n._value.AsSingle();
            var half = Vector512.Floor(exponent * 0.5f);
            return new((a._value.AsSingle() * PowerOfTwo(half) * PowerOfTwo(exponent - half)).As<float, T>());
        }
        else
        {
            var exponent = n._value.AsDouble();
            var half = Vector512.Floor(exponent * 0.5);
            return new((a._value.AsDouble() * PowerOfTwo(half) * PowerOfTwo(exponent - half)).As<double, T>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Decompose(Lanes512<T> a, out Lanes512<T> exponent)
    {
        // Adding 1 − √½ in bits moves the carry into the exponent field from √2/2·2ⁿ on, so the field counts from √½.
        if (typeof(T) == typeof(float))
        {
            var bits = a._value.AsUInt32();
            var field = (bits + Vector512.Create(LaneConstants.SqrtHalfToOneSingle)) >>> 23;
            exponent = new(((field | Vector512.Create(LaneConstants.TwoTo23Bits)).AsSingle() - Vector512.Create(8388608f + 127f)).As<float, T>());
            return new((bits - (field << 23) + Vector512.Create(LaneConstants.OneSingleBits)).As<uint, T>());
        }
        else
        {
            var bits = a._value.AsUInt64();
            var field = (bits + Vector512.Create(LaneConstants.SqrtHalfToOneDouble)) >>> 52;
            exponent = new(((field | Vector512.Create(LaneConstants.TwoTo52Bits)).AsDouble() - Vector512.Create(4503599627370496.0 + 1023.0)).As<double, T>());
            return new((bits - (field << 52) + Vector512.Create(LaneConstants.OneDoubleBits)).As<ulong, T>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Exp(Lanes512<T> a) => LaneMath<Lanes512<T>, T>.Exp(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Log(Lanes512<T> a) => LaneMath<Lanes512<T>, T>.Log(a);

    // The mask of the first lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FirstSingle(int count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> FirstDouble(int count) =>
        Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble();

    // 2^n for integral n of a normal number: adding 1.5·2^23 (1.5·2^52) leaves n in the low bits, which are shifted into the exponent field.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<float> n) =>
        (((n + Vector512.Create(12582912f)).AsUInt32() << 23) + Vector512.Create(LaneConstants.OneSingleBits)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> PowerOfTwo(Vector512<double> n) =>
        (((n + Vector512.Create(6755399441055744.0)).AsUInt64() << 52) + Vector512.Create(LaneConstants.OneDoubleBits)).AsDouble();
}
