using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowCore.Compute;

/// <summary>A register of 256 bits: 8 floats or 4 doubles.</summary>
/// <remarks>
/// Wraps <see cref="Vector256{T}"/>; the wrapper and the type tests vanish when the code is compiled. Where the hardware
/// has no registers of this width every member still gives the same numbers, only slowly.
/// </remarks>
internal readonly unsafe struct Lanes256<T> : IRegister<Lanes256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes256(Vector256<T> value) => _value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> a, Lanes256<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> a, Lanes256<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> a, Lanes256<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> a, Lanes256<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> a) => new(-a._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator &(Lanes256<T> a, Lanes256<T> b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator |(Lanes256<T> a, Lanes256<T> b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Create(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Constant(float single, double precise) =>
        typeof(T) == typeof(float) ? Create(Unsafe.BitCast<float, T>(single)) : Create(Unsafe.BitCast<double, T>(precise));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256<T> value, T* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LoadPartial(T* source, int count)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.MaskLoad((float*)source, FirstSingle(count)).As<float, T>())
                : new(Avx.MaskLoad((double*)source, FirstDouble(count)).As<double, T>());
        }

        var value = default(Lanes256<T>);
        for (var i = 0; i < count; i++)
            ((T*)&value)[i] = source[i];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes256<T> value, T* destination, int count)
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
    public static Lanes256<T> FusedMultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) => typeof(T) == typeof(float)
        ? new(Vector256.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector256.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> a) => new(Vector256.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> a) => new(Vector256.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Min(Lanes256<T> a, Lanes256<T> b) => new(Vector256.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Max(Lanes256<T> a, Lanes256<T> b) => new(Vector256.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Round(Lanes256<T> a) => typeof(T) == typeof(float)
        ? new(Vector256.Round(a._value.AsSingle()).As<float, T>())
        : new(Vector256.Round(a._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Floor(Lanes256<T> a) => typeof(T) == typeof(float)
        ? new(Vector256.Floor(a._value.AsSingle()).As<float, T>())
        : new(Vector256.Floor(a._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LessThan(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThan(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LessThanOrEqual(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThanOrEqual(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Equal(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> a, Lanes256<T> b) =>
        new(Vector256.ConditionalSelect(mask._value, a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Lanes256<T> mask) => Vector256.EqualsAll(mask._value.AsByte(), Vector256<byte>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes256<T> a) => Sum(a._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sum(Vector256<T> a) => Lanes128<T>.Sum(a.GetLower() + a.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ScaleByPowerOfTwo(Lanes256<T> a, Lanes256<T> n)
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
            var half = Vector256.Floor(exponent * 0.5f);
            return new((a._value.AsSingle() * PowerOfTwo(half) * PowerOfTwo(exponent - half)).As<float, T>());
        }
        else
        {
            var exponent = n._value.AsDouble();
            var half = Vector256.Floor(exponent * 0.5);
            return new((a._value.AsDouble() * PowerOfTwo(half) * PowerOfTwo(exponent - half)).As<double, T>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Decompose(Lanes256<T> a, out Lanes256<T> exponent)
    {
        // Adding 1 − √½ in bits moves the carry into the exponent field from √2/2·2ⁿ on, so the field counts from √½.
        if (typeof(T) == typeof(float))
        {
            var bits = a._value.AsUInt32();
            var field = (bits + Vector256.Create(LaneConstants.SqrtHalfToOneSingle)) >>> 23;
            exponent = new(((field | Vector256.Create(LaneConstants.TwoTo23Bits)).AsSingle() - Vector256.Create(8388608f + 127f)).As<float, T>());
            return new((bits - (field << 23) + Vector256.Create(LaneConstants.OneSingleBits)).As<uint, T>());
        }
        else
        {
            var bits = a._value.AsUInt64();
            var field = (bits + Vector256.Create(LaneConstants.SqrtHalfToOneDouble)) >>> 52;
            exponent = new(((field | Vector256.Create(LaneConstants.TwoTo52Bits)).AsDouble() - Vector256.Create(4503599627370496.0 + 1023.0)).As<double, T>());
            return new((bits - (field << 52) + Vector256.Create(LaneConstants.OneDoubleBits)).As<ulong, T>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Exp(Lanes256<T> a) => LaneMath<Lanes256<T>, T>.Exp(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Log(Lanes256<T> a) => LaneMath<Lanes256<T>, T>.Log(a);

    // The mask of the first lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FirstSingle(int count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FirstDouble(int count) =>
        Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsDouble();

    // 2^n for integral n of a normal number: adding 1.5·2^23 (1.5·2^52) leaves n in the low bits, which are shifted into the exponent field.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<float> n) =>
        (((n + Vector256.Create(12582912f)).AsUInt32() << 23) + Vector256.Create(LaneConstants.OneSingleBits)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PowerOfTwo(Vector256<double> n) =>
        (((n + Vector256.Create(6755399441055744.0)).AsUInt64() << 52) + Vector256.Create(LaneConstants.OneDoubleBits)).AsDouble();
}
