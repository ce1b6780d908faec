using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The columns of as many rows as a register has lanes, in the processor's memory.</summary>
/// <remarks>
/// A lane holds one row. Blocks are padded, so their registers are whole; the last rows of a shared matrix are part of
/// one. A shared row beside a block has the same number in every lane.
/// </remarks>
/// <param name="start">The first number: the first of these rows in column 0.</param>
/// <param name="stride">The distance from one column to the next.</param>
/// <param name="count">How many rows there are, at most the lanes of a register; 0 for one number that all rows share.</param>
internal readonly unsafe struct CpuCells<V, T>(T* start, long stride, int count) : ICells<V>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _start = start;
    private readonly long _stride = stride;
    private readonly int _count = count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Load(int index)
    {
        var from = _start + (index * _stride);
        if (_count == V.Count)
            return V.Load(from);
        return _count == 0 ? V.Create(*from) : V.LoadPartial(from, _count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int index, V value)
    {
        var to = _start + (index * _stride);
        if (_count == V.Count)
            V.Store(value, to);
        else
            V.StorePartial(value, to, _count);
    }
}
