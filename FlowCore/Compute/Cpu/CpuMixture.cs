using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The components of a mixture for as many rows as a register has lanes, in the processor's memory; a lane holds one row, and every place whole registers.</summary>
/// <remarks>Shifts and log-scales of a block are read where they are. A shared row is repeated in scratch memory before the first row.</remarks>
internal unsafe struct CpuMixture<V, T> : INormalMixture<V>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _components;
    private readonly bool _overwrite;

    // K registers each: e^a, weights, and where parameters are shared the shifts and the sums of 2K adjoints.
    private readonly T* _scales;
    private readonly T* _weights;
    private readonly T* _sharedShifts;
    private readonly T* _sums;

    private T* _shifts;
    private long _shiftStride;
    private T* _target;
    private long _targetStride;

    public CpuMixture(int components, T* scratch, bool overwrite)
    {
        _components = components;
        _overwrite = overwrite;
        var run = components * V.Count;
        _scales = scratch;
        _weights = _scales + run;
        _sharedShifts = _weights + run;
        _sums = _sharedShifts + run;
    }

    public static int ScratchLength(int components) => checked(5 * components * V.Count);

    /// <summary>Takes parameters that all rows share, and clears the sums of their adjoints.</summary>
    public void Share(T* raw)
    {
        for (var k = 0; k < _components; k++)
        {
            V.Store(V.Create(raw[k]), _sharedShifts + (k * V.Count));
            V.Store(V.Exp(V.Create(raw[_components + k])), _scales + (k * V.Count));
            V.Store(V.Create(T.Zero), _sums + (k * V.Count));
            V.Store(V.Create(T.Zero), _sums + ((_components + k) * V.Count));
        }

        _shifts = _sharedShifts;
        _shiftStride = V.Count;
        _target = _sums;
        _targetStride = V.Count;
    }

    /// <summary>Takes the parameters of the rows from the first one of a register on, and where their adjoints go.</summary>
    public void Take(T* raw, long stride, T* target, long targetStride)
    {
        _shifts = raw;
        _shiftStride = stride;
        _target = target;
        _targetStride = targetStride;
        var logScales = raw + (_components * stride);
        for (var k = 0; k < _components; k++)
            V.Store(V.Exp(V.Load(logScales + (k * stride))), _scales + (k * V.Count));
    }

    /// <summary>Adds up the lanes of the adjoints of shared parameters.</summary>
    public readonly void Finish(T* target)
    {
        for (var c = 0; c < 2 * _components; c++)
        {
            var sum = V.Sum(V.Load(_sums + (c * V.Count)));
            target[c] = _overwrite ? sum : target[c] + sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V Shift(int component) => V.Load(_shifts + (component * _shiftStride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V Scale(int component) => V.Load(_scales + (component * V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Keep(int component, V weight) => V.Store(weight, _weights + (component * V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V Kept(int component, V t, V least) => V.Load(_weights + (component * V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(int component, V shift, V logScale)
    {
        var writes = _overwrite && _target != _sums;
        var first = _target + (component * _targetStride);
        var second = first + (_components * _targetStride);
        V.Store(writes ? shift : V.Load(first) + shift, first);
        V.Store(writes ? logScale : V.Load(second) + logScale, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool AreSet(V mask) => V.Sum(V.Select(mask, V.Create(T.One), V.Create(T.Zero))) == T.CreateTruncating(V.Count);
}
