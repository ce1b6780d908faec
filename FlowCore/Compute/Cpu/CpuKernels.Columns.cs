using System.Numerics;

namespace FlowCore.Compute;

/// <content>Choosing and permuting columns.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void GatherColumns(in Matrix<T> x, int[] indices, in Matrix<T> y)
    {
        for (var column = 0; column < indices.Length; column++)
            Copy(x.Slice(indices[column], 1), y.Slice(column, 1), accumulate: false);
    }

    public override void ScatterAddColumns(in Matrix<T> dy, int[] indices, in Matrix<T> dx)
    {
        // One column after the other: an index may come twice.
        for (var column = 0; column < indices.Length; column++)
            Copy(dy.Slice(column, 1), dx.Slice(indices[column], 1), accumulate: true);
    }
}
