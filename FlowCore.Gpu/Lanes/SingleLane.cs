using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Gpu;

/// <summary>A float as a lane: one thread of an accelerator holds one number. What FlowCore's formulas are compiled with for kernels.</summary>
/// <remarks>
/// The same operations as <see cref="ScalarLane{T}"/>, each rounded once, without the type tests that ILGPU cannot compile. A mask
/// is 1 where true and 0 where false.
/// </remarks>
internal readonly struct SingleLane : INumberLane<SingleLane, float>
{
    private SingleLane(float value) => Value = value;

    public static bool IsSingle => true;

    public static int NumbersPerBlock => 4;

    /// <summary>The number itself.</summary>
    public float Value { get; }

    public static SingleLane operator +(SingleLane a, SingleLane b) => new(a.Value + b.Value);

    public static SingleLane operator -(SingleLane a, SingleLane b) => new(a.Value - b.Value);

    public static SingleLane operator *(SingleLane a, SingleLane b) => new(a.Value * b.Value);

    public static SingleLane operator /(SingleLane a, SingleLane b) => new(a.Value / b.Value);

    public static SingleLane operator -(SingleLane a) => new(-a.Value);

    public static SingleLane operator &(SingleLane a, SingleLane b) => Mask(a.Value != 0 && b.Value != 0);

    public static SingleLane operator |(SingleLane a, SingleLane b) => Mask(a.Value != 0 || b.Value != 0);

    public static SingleLane Create(float value) => new(value);

    public static SingleLane Constant(float single, double precise) => new(single);

    public static float ToNumber(SingleLane a) => a.Value;

    public static double ToDouble(SingleLane a) => a.Value;

    public static bool IsSet(SingleLane mask) => mask.Value != 0;

    public static SingleLane FromInteger(int value) => new(value);

    public static SingleLane FusedMultiplyAdd(SingleLane a, SingleLane b, SingleLane c) => new(DeviceMath.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static SingleLane Sqrt(SingleLane a) => new(MathF.Sqrt(a.Value));

    public static SingleLane Abs(SingleLane a) => new(MathF.Abs(a.Value));

    public static SingleLane Min(SingleLane a, SingleLane b) => new(a.Value < b.Value ? a.Value : b.Value);

    public static SingleLane Max(SingleLane a, SingleLane b) => new(a.Value > b.Value ? a.Value : b.Value);

    public static SingleLane Round(SingleLane a) => new(MathF.Round(a.Value));

    public static SingleLane Floor(SingleLane a) => new(MathF.Floor(a.Value));

    public static SingleLane LessThan(SingleLane a, SingleLane b) => Mask(a.Value < b.Value);

    public static SingleLane LessThanOrEqual(SingleLane a, SingleLane b) => Mask(a.Value <= b.Value);

    public static SingleLane Equal(SingleLane a, SingleLane b) => Mask(a.Value == b.Value);

    public static SingleLane Select(SingleLane mask, SingleLane a, SingleLane b) => mask.Value != 0 ? a : b;

    public static bool All(SingleLane mask) => mask.Value != 0;

    // Two factors, so that a result below the smallest normal number is rounded once, by the second product.
    public static SingleLane ScaleByPowerOfTwo(SingleLane a, SingleLane n)
    {
        var half = MathF.Floor(n.Value * 0.5f);
        return new(a.Value * PowerOfTwo(half) * PowerOfTwo(n.Value - half));
    }

    public static SingleLane Decompose(SingleLane a, out SingleLane exponent)
    {
        var bits = DeviceMath.ToBits(a.Value);
        var field = (bits + LaneConstants.SqrtHalfToOneSingle) >> 23;
        exponent = new((float)((int)field - 127));
        return new(DeviceMath.FromBits(bits - (field << 23) + LaneConstants.OneSingleBits));
    }

    public static SingleLane Exp(SingleLane a) => LaneMath<SingleLane, float>.Exp(a);

    public static SingleLane Log(SingleLane a) => LaneMath<SingleLane, float>.Log(a);

    public static float Normal(uint word0, uint word1, uint word2, uint word3, int place)
    {
        // Words 0 and 1 make numbers 0 and 1, words 2 and 3 numbers 2 and 3.
        var (cosine, sine) = NormalSingleKernel.FromWords(place < 2 ? word0 : word2, place < 2 ? word1 : word3);
        return (place & 1) == 0 ? cosine : sine;
    }

    public static float Uniform(uint word0, uint word1, uint word2, uint word3, int place) =>
        UniformSingleKernel.FromWord(place < 2 ? (place == 0 ? word0 : word1) : (place == 2 ? word2 : word3));

    private static SingleLane Mask(bool value) => new(value ? 1 : 0);

    // 2^n for integral n of a normal number.
    private static float PowerOfTwo(float n) => DeviceMath.FromBits((uint)((int)n + 127) << 23);
}
