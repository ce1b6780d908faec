using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>Chosen columns of every segment of K neighbouring columns, the same choice in each: y_{s·n + i} = x_{s·K + pattern[i]}.</summary>
/// <param name="segment">K.</param>
/// <param name="pattern">For each of the n columns of a segment of the result the column in the segment of the argument.</param>
internal sealed class SegmentGather<T>(int segment, int[] pattern)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OperationCache<int, GatherColumnsOperation<T>> _operations = new(segments => Create(segments, segment, pattern));

    /// <summary>Neighbouring columns of every segment.</summary>
    public static SegmentGather<T> Of(int segment, int first, int count) => new(segment, [.. Enumerable.Range(first, count)]);

    /// <summary>Gathers from any number of segments.</summary>
    public Variable<T> Apply(Variable<T> x) => _operations[SegmentChecks.Count(x, segment)].Apply(x);

    private static GatherColumnsOperation<T> Create(int segments, int segment, int[] pattern)
    {
        var indices = new int[checked(segments * pattern.Length)];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = ((i / pattern.Length) * segment) + pattern[i % pattern.Length];
        return new GatherColumnsOperation<T>(indices);
    }
}
