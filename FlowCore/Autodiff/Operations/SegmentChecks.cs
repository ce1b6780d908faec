using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The checks that the operations on segments of columns share.</summary>
internal static class SegmentChecks
{
    /// <summary>A length of segments that a number of columns can have.</summary>
    internal static void Positive(int segment, string name)
    {
        if (segment < 1)
            throw new ArgumentOutOfRangeException(name, segment, $"Expected at least 1 column a segment, got {segment}.");
    }

    /// <summary>How many segments an operand has.</summary>
    /// <exception cref="ArgumentException">Its columns are no multiple of the segment.</exception>
    internal static int Count<T>(Variable<T> x, int segment)
    where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x.Columns % segment == 0
            ? x.Columns / segment
            : throw new ArgumentException($"Expected columns in segments of {segment}, got {OperandChecks.Shape(x)}.", nameof(x));
}
