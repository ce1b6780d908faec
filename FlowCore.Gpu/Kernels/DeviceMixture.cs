using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <summary>The components of a mixture for one row, as a thread of an accelerator reaches them: exponentials are taken anew rather than kept, as a thread has few registers.</summary>
/// <param name="components">K.</param>
/// <param name="parameters">K shifts and K log-scales of each feature.</param>
/// <param name="row">The row.</param>
/// <param name="first">The column of the first shift.</param>
/// <param name="adjoints">Where the adjoints go.</param>
/// <param name="overwrite">Not 0 where they are written instead of added.</param>
internal readonly struct DeviceMixture<V, T>(int components, DeviceOperand<T> parameters, int row, int first, DeviceMatrix<T> adjoints, int overwrite) : INormalMixture<V>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _components = components;
    private readonly DeviceOperand<T> _parameters = parameters;
    private readonly int _row = row;
    private readonly int _first = first;
    private readonly DeviceMatrix<T> _adjoints = adjoints;
    private readonly int _overwrite = overwrite;

    public V Shift(int component) => V.Create(_parameters[_row, _first + component]);

    public V Scale(int component) => V.Exp(V.Create(_parameters[_row, _first + _components + component]));

    public void Keep(int component, V weight)
    {
    }

    public V Kept(int component, V t, V least) => GaussianizationFormula<V, T, DeviceMixture<V, T>>.Weight(t, least);

    public void Add(int component, V shift, V logScale)
    {
        TransformKernels<V, T>.Store(shift, _adjoints, _row, _first + component, _overwrite);
        TransformKernels<V, T>.Store(logScale, _adjoints, _row, _first + _components + component, _overwrite);
    }

    public bool AreSet(V mask) => V.IsSet(mask);
}
