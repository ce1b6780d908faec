using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>Takes from every segment of K neighbouring columns the number at a place that each row has for itself, or the sum of those before it.</summary>
internal readonly struct SegmentChoice<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Variable<T> _mask;
    private readonly int _segment;

    private SegmentChoice(Variable<T> mask, int segment)
    {
        _mask = mask;
        _segment = segment;
    }

    /// <summary>The number at a place; zero where the segment has no such place.</summary>
    /// <param name="places">[rows, S]: the place in each segment, from 0.</param>
    /// <param name="numbers">0, 1, ..., K − 1.</param>
    public static SegmentChoice<T> At(Variable<T> places, ReadOnlySpan<T> numbers) =>
        new(places.RepeatColumns(numbers.Length).Equal(Numbers(places, numbers)), numbers.Length);

    /// <summary>The sum of the numbers before a place, added up from the first.</summary>
    public static SegmentChoice<T> Before(Variable<T> places, ReadOnlySpan<T> numbers) =>
        new(Numbers(places, numbers).Less(places.RepeatColumns(numbers.Length)), numbers.Length);

    /// <summary>Takes from [rows, S·K], or shared: [rows, S].</summary>
    public Variable<T> Of(Variable<T> values) => (_mask * values).SumSegments(_segment);

    private static Variable<T> Numbers(Variable<T> places, ReadOnlySpan<T> numbers) => places.Tape!.Constant(numbers).TileColumns(places.Columns);
}
