using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>Where the raw parameters of a τ's features stand among the columns that a conditioner gives; one instance serves all calls.</summary>
internal sealed class ParameterColumns<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _positions;
    private readonly int[] _features;
    private readonly int _perFeature;

    private readonly OperationCache<(int First, int Count), GatherColumnsOperation<T>> _gathers;

    /// <param name="positions">For each feature the position of its parameters among those of the features.</param>
    /// <param name="features">Which feature of the transform each of them is.</param>
    /// <param name="perFeature">P.</param>
    public ParameterColumns(int[] positions, int[] features, int perFeature)
    {
        _positions = positions;
        _features = features;
        _perFeature = perFeature;
        _gathers = new OperationCache<(int First, int Count), GatherColumnsOperation<T>>(columns => Create(columns.First, columns.Count));
    }

    public int Features => _positions.Length;

    public ReadOnlySpan<int> FeatureIndices => _features;

    public Variable<T> Take(Variable<T> all, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _perFeature - first);
        if (IsAll(all, count))
            return all;
        return _gathers[(first, count)].Apply(all);
    }

    // With as many columns as are wanted in their natural order there is nothing to gather.
    private bool IsAll(Variable<T> all, int count)
    {
        if (count != _perFeature || all.Columns != count * _positions.Length)
            return false;
        for (var j = 0; j < _positions.Length; j++)
        {
            if (_positions[j] != j)
                return false;
        }

        return true;
    }

    private GatherColumnsOperation<T> Create(int first, int count)
    {
        var indices = new int[_positions.Length * count];
        for (var j = 0; j < _positions.Length; j++)
        {
            for (var k = 0; k < count; k++)
                indices[(j * count) + k] = (_positions[j] * _perFeature) + first + k;
        }

        return new GatherColumnsOperation<T>(indices);
    }
}
