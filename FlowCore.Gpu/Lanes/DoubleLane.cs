using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Gpu;

/// <summary>A double as a lane: one thread of an accelerator holds one number. What FlowCore's formulas are compiled with for kernels.</summary>
/// <remarks>
/// The same operations as <see cref="ScalarLane{T}"/>, each rounded once, without the type tests that ILGPU cannot compile. A mask
/// is 1 where true and 0 where false.
/// </remarks>
internal readonly struct DoubleLane : INumberLane<DoubleLane, double>
{
    private DoubleLane(double value) => Value = value;

    public static bool IsSingle => false;

    public static int NumbersPerBlock => 2;

    /// <summary>The number itself.</summary>
    public double Value { get; }

    public static DoubleLane operator +(DoubleLane a, DoubleLane b) => new(a.Value + b.Value);

    public static DoubleLane operator -(DoubleLane a, DoubleLane b) => new(a.Value - b.Value);

    public static DoubleLane operator *(DoubleLane a, DoubleLane b) => new(a.Value * b.Value);

    public static DoubleLane operator /(DoubleLane a, DoubleLane b) => new(a.Value / b.Value);

    public static DoubleLane operator -(DoubleLane a) => new(-a.Value);

    public static DoubleLane operator &(DoubleLane a, DoubleLane b) => Mask(a.Value != 0 && b.Value != 0);

    public static DoubleLane operator |(DoubleLane a, DoubleLane b) => Mask(a.Value != 0 || b.Value != 0);

    public static DoubleLane Create(double value) => new(value);

    public static DoubleLane Constant(float single, double precise) => new(precise);

    public static double ToNumber(DoubleLane a) => a.Value;

    public static double ToDouble(DoubleLane a) => a.Value;

    public static bool IsSet(DoubleLane mask) => mask.Value != 0;

    public static DoubleLane FromInteger(int value) => new(value);

    public static DoubleLane FusedMultiplyAdd(DoubleLane a, DoubleLane b, DoubleLane c) => new(DeviceMath.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static DoubleLane Sqrt(DoubleLane a) => new(Math.Sqrt(a.Value));

    public static DoubleLane Abs(DoubleLane a) => new(Math.Abs(a.Value));

    public static DoubleLane Min(DoubleLane a, DoubleLane b) => new(a.Value < b.Value ? a.Value : b.Value);

    public static DoubleLane Max(DoubleLane a, DoubleLane b) => new(a.Value > b.Value ? a.Value : b.Value);

    public static DoubleLane Round(DoubleLane a) => new(Math.Round(a.Value));

    public static DoubleLane Floor(DoubleLane a) => new(Math.Floor(a.Value));

    public static DoubleLane LessThan(DoubleLane a, DoubleLane b) => Mask(a.Value < b.Value);

    public static DoubleLane LessThanOrEqual(DoubleLane a, DoubleLane b) => Mask(a.Value <= b.Value);

    public static DoubleLane Equal(DoubleLane a, DoubleLane b) => Mask(a.Value == b.Value);

    public static DoubleLane Select(DoubleLane mask, DoubleLane a, DoubleLane b) => mask.Value != 0 ? a : b;

    public static bool All(DoubleLane mask) => mask.Value != 0;

    // Two factors, so that a result below the smallest normal number is rounded once, by the second product.
    public static DoubleLane ScaleByPowerOfTwo(DoubleLane a, DoubleLane n)
    {
        var half = Math.Floor(n.Value * 0.5);
        return new(a.Value * PowerOfTwo(half) * PowerOfTwo(n.Value - half));
    }

    public static DoubleLane Decompose(DoubleLane a, out DoubleLane exponent)
    {
        var bits = DeviceMath.ToBits(a.Value);
        var field = (bits + LaneConstants.SqrtHalfToOneDouble) >> 52;
        exponent = new((double)((int)field - 1023));
        return new(DeviceMath.FromBits(bits - (field << 52) + LaneConstants.OneDoubleBits));
    }

    public static DoubleLane Exp(DoubleLane a) => LaneMath<DoubleLane, double>.Exp(a);

    public static DoubleLane Log(DoubleLane a) => LaneMath<DoubleLane, double>.Log(a);

    public static double Normal(uint word0, uint word1, uint word2, uint word3, int place)
    {
        var (cosine, sine) = NormalDoubleKernel.FromWords(word0 | ((ulong)word1 << 32), word2 | ((ulong)word3 << 32));
        return place == 0 ? cosine : sine;
    }

    public static double Uniform(uint word0, uint word1, uint word2, uint word3, int place) =>
        UniformDoubleKernel.FromWord(place == 0 ? word0 | ((ulong)word1 << 32) : word2 | ((ulong)word3 << 32));

    private static DoubleLane Mask(bool value) => new(value ? 1 : 0);

    // 2^n for integral n of a normal number.
    private static double PowerOfTwo(double n) => DeviceMath.FromBits((ulong)((long)n + 1023) << 52);
}
