using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowCore.Compute;

/// <summary>A register of 128 bits: 4 floats or 2 doubles.</summary>
/// <remarks>
/// Wraps <see cref="Vector128{T}"/>; the wrapper and the type tests vanish when the code is compiled. Where the hardware
/// has no registers of this width every member still gives the same numbers, only slowly.
/// </remarks>
internal readonly unsafe struct Lanes128<T> : IRegister<Lanes128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes128(Vector128<T> value) => _value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<T>.Count;
    }

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> a, Lanes128<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> a, Lanes128<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> a, Lanes128<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator /(Lanes128<T> a, Lanes128<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> a) => new(-a._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator &(Lanes128<T> a, Lanes128<T> b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator |(Lanes128<T> a, Lanes128<T> b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Create(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Constant(float single, double precise) =>
        typeof(T) == typeof(float) ? Create(Unsafe.BitCast<float, T>(single)) : Create(Unsafe.BitCast<double, T>(precise));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128<T> value, T* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LoadPartial(T* source, int count)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.MaskLoad((float*)source, FirstSingle(count)).As<float, T>())
                : new(Avx.MaskLoad((double*)source, FirstDouble(count)).As<double, T>());
        }

        var value = default(Lanes128<T>);
        for (var i = 0; i < count; i++)
            ((T*)&value)[i] = source[i];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes128<T> value, T* destination, int count)
    {
        if (Avx.IsSupported)
        {
            if (typeof(T) == typeof(float))
                Avx.MaskStore((float*)destination, FirstSingle(count), value._value.AsSingle());
            else
                Avx.MaskStore((double*)destination, FirstDouble(count), value._value.AsDouble());
            return;
        }

        for (var i = 0; i < count; i++)
            destination[i] = ((T*)&value)[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> FusedMultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) => typeof(T) == typeof(float)
        ? new(Vector128.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector128.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sqrt(Lanes128<T> a) => new(Vector128.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Abs(Lanes128<T> a) => new(Vector128.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Min(Lanes128<T> a, Lanes128<T> b) => new(Vector128.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Max(Lanes128<T> a, Lanes128<T> b) => new(Vector128.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Round(Lanes128<T> a) => typeof(T) == typeof(float)
        ? new(Vector128.Round(a._value.AsSingle()).As<float, T>())
        : new(Vector128.Round(a._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Floor(Lanes128<T> a) => typeof(T) == typeof(float)
        ? new(Vector128.Floor(a._value.AsSingle()).As<float, T>())
        : new(Vector128.Floor(a._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LessThan(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThan(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LessThanOrEqual(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThanOrEqual(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Equal(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> a, Lanes128<T> b) =>
        new(Vector128.ConditionalSelect(mask._value, a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Lanes128<T> mask) => Vector128.EqualsAll(mask._value.AsByte(), Vector128<byte>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes128<T> a) => Sum(a._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sum(Vector128<T> a)
    {
        if (typeof(T) == typeof(float))
        {
            var v = a.AsSingle();
            v += Vector128.Shuffle(v, Vector128.Create(2, 3, 0, 1));
            v += Vector128.Shuffle(v, Vector128.Create(1, 0, 3, 2));
            return v.As<float, T>().ToScalar();
        }

        var w = a.AsDouble();
        w += Vector128.Shuffle(w, Vector128.Create(1L, 0L));
        return w.As<double, T>().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ScaleByPowerOfTwo(Lanes128<T> a, Lanes128<T> n)
    {
        if (Avx512F.VL.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.VL.Scale(a._value.AsSingle(), n._value.AsSingle()).As<float, T>())
                : new(Avx512F.VL.Scale(a._value.AsDouble(), n._value.AsDouble()).As<double, T>());
        }

        // Two factors, so that a result below the smallest normal number is rounded once, by the second product.
        if (typeof(T) == typeof(float))
        {
            var exponent = n._value.AsSingle();
            var half = Vector128.Floor(exponent * 0.5f);
            return new((a._value.AsSingle() * PowerOfTwo(half) * PowerOfTwo(exponent - half)).As<float, T>());
        }
        else
        {
            var exponent = n._value.AsDouble();
            var half = Vector128.Floor(exponent * 0.5);
            return new((a._value.AsDouble() * PowerOfTwo(half) * PowerOfTwo(exponent - half)).As<double, T>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Decompose(Lanes128<T> a, out Lanes128<T> exponent)
    {
        // Adding 1 − √½ in bits moves the carry into the exponent field from √2/2·2ⁿ on, so the field counts from √½.
        if (typeof(T) == typeof(float))
        {
            var bits = a._value.AsUInt32();
            var field = (bits + Vector128.Create(LaneConstants.SqrtHalfToOneSingle)) >>> 23;
            exponent = new(((field | Vector128.Create(LaneConstants.TwoTo23Bits)).AsSingle() - Vector128.Create(8388608f + 127f)).As<float, T>());
            return new((bits - (field << 23) + Vector128.Create(LaneConstants.OneSingleBits)).As<uint, T>());
        }
        else
        {
            var bits = a._value.AsUInt64();
            var field = (bits + Vector128.Create(LaneConstants.SqrtHalfToOneDouble)) >>> 52;
            exponent = new(((field | Vector128.Create(LaneConstants.TwoTo52Bits)).AsDouble() - Vector128.Create(4503599627370496.0 + 1023.0)).As<double, T>());
            return new((bits - (field << 52) + Vector128.Create(LaneConstants.OneDoubleBits)).As<ulong, T>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Exp(Lanes128<T> a) => LaneMath<Lanes128<T>, T>.Exp(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Log(Lanes128<T> a) => LaneMath<Lanes128<T>, T>.Log(a);

    // The mask of the first lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FirstSingle(int count) =>
        Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> FirstDouble(int count) =>
        Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).AsDouble();

    // 2^n for integral n of a normal number: adding 1.5·2^23 (1.5·2^52) leaves n in the low bits, which are shifted into the exponent field.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<float> n) =>
        (((n + Vector128.Create(12582912f)).AsUInt32() << 23) + Vector128.Create(LaneConstants.OneSingleBits)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> PowerOfTwo(Vector128<double> n) =>
        (((n + Vector128.Create(6755399441055744.0)).AsUInt64() << 52) + Vector128.Create(LaneConstants.OneDoubleBits)).AsDouble();
}
