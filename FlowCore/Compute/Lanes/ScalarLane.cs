using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>A single number in the guise of a register: the scalar reference of every formula written in lanes.</summary>
/// <remarks>A mask is 1 where true and 0 where false.</remarks>
internal readonly unsafe struct ScalarLane<T> : IRegister<ScalarLane<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ScalarLane(T value) => Value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    /// <summary>The number itself.</summary>
    public T Value { get; }

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> operator +(ScalarLane<T> a, ScalarLane<T> b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> operator -(ScalarLane<T> a, ScalarLane<T> b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> operator *(ScalarLane<T> a, ScalarLane<T> b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> operator /(ScalarLane<T> a, ScalarLane<T> b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> operator -(ScalarLane<T> a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> operator &(ScalarLane<T> a, ScalarLane<T> b) => Mask(a.Value != T.Zero && b.Value != T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> operator |(ScalarLane<T> a, ScalarLane<T> b) => Mask(a.Value != T.Zero || b.Value != T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Create(T value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Constant(float single, double precise) =>
        typeof(T) == typeof(float) ? Create(Unsafe.BitCast<float, T>(single)) : Create(Unsafe.BitCast<double, T>(precise));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Load(T* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ScalarLane<T> value, T* destination) => *destination = value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> LoadPartial(T* source, int count) => new(count > 0 ? *source : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(ScalarLane<T> value, T* destination, int count)
    {
        if (count > 0)
            *destination = value.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> FusedMultiplyAdd(ScalarLane<T> a, ScalarLane<T> b, ScalarLane<T> c) =>
        new(T.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Sqrt(ScalarLane<T> a) => new(T.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Abs(ScalarLane<T> a) => new(T.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Min(ScalarLane<T> a, ScalarLane<T> b) => new(a.Value < b.Value ? a.Value : b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Max(ScalarLane<T> a, ScalarLane<T> b) => new(a.Value > b.Value ? a.Value : b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Round(ScalarLane<T> a) => new(T.Round(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Floor(ScalarLane<T> a) => new(T.Floor(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> LessThan(ScalarLane<T> a, ScalarLane<T> b) => Mask(a.Value < b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> LessThanOrEqual(ScalarLane<T> a, ScalarLane<T> b) => Mask(a.Value <= b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Equal(ScalarLane<T> a, ScalarLane<T> b) => Mask(a.Value == b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Select(ScalarLane<T> mask, ScalarLane<T> a, ScalarLane<T> b) => mask.Value != T.Zero ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(ScalarLane<T> mask) => mask.Value != T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(ScalarLane<T> a) => a.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> ScaleByPowerOfTwo(ScalarLane<T> a, ScalarLane<T> n)
    {
        // Two factors, so that a result below the smallest normal number is rounded once, by the second product.
        if (typeof(T) == typeof(float))
        {
            var exponent = Unsafe.BitCast<T, float>(n.Value);
            var half = MathF.Floor(exponent * 0.5f);
            return new(Unsafe.BitCast<float, T>(Unsafe.BitCast<T, float>(a.Value) * PowerOfTwo(half) * PowerOfTwo(exponent - half)));
        }
        else
        {
            var exponent = Unsafe.BitCast<T, double>(n.Value);
            var half = Math.Floor(exponent * 0.5);
            return new(Unsafe.BitCast<double, T>(Unsafe.BitCast<T, double>(a.Value) * PowerOfTwo(half) * PowerOfTwo(exponent - half)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Decompose(ScalarLane<T> a, out ScalarLane<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            var bits = Unsafe.BitCast<T, uint>(a.Value);
            var field = (bits + LaneConstants.SqrtHalfToOneSingle) >>> 23;
            exponent = new(Unsafe.BitCast<float, T>((int)field - 127));
            return new(Unsafe.BitCast<uint, T>(bits - (field << 23) + LaneConstants.OneSingleBits));
        }
        else
        {
            var bits = Unsafe.BitCast<T, ulong>(a.Value);
            var field = (bits + LaneConstants.SqrtHalfToOneDouble) >>> 52;
            exponent = new(Unsafe.BitCast<double, T>((int)field - 1023));
            return new(Unsafe.BitCast<ulong, T>(bits - (field << 52) + LaneConstants.OneDoubleBits));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Exp(ScalarLane<T> a) => LaneMath<ScalarLane<T>, T>.Exp(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane<T> Log(ScalarLane<T> a) => LaneMath<ScalarLane<T>, T>.Log(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ScalarLane<T> Mask(bool value) => new(value ? T.One : T.Zero);

    // 2^n for integral n of a normal number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(float n) => BitConverter.Int32BitsToSingle(((int)n + 127) << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double PowerOfTwo(double n) => BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
}
