using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>The columns of one row, as a thread of an accelerator reaches them.</summary>
/// <param name="data">The memory of the operand.</param>
/// <param name="offset">The position of column 0 of the row.</param>
/// <param name="step">The distance from one column to the next.</param>
internal readonly struct DeviceCells<V, T>(ArrayView<T> data, int offset, int step) : ICells<V>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ArrayView<T> _data = data;
    private readonly int _offset = offset;
    private readonly int _step = step;

    public V Load(int index) => V.Create(_data[_offset + (index * _step)]);

    public void Store(int index, V value) => _data[_offset + (index * _step)] = V.ToNumber(value);
}
