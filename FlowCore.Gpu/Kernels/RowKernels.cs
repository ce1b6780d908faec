using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>Runs the row-wise algorithms that the processor runs in registers: a thread has an item of a row.</summary>
internal static class RowKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>One item of one row; the row is the first index, so neighbouring threads read neighbouring memory.</summary>
    public static void Run<P>(
        Index2D index, RowShape shape, DeviceOperand<T> a, DeviceOperand<T> b, DeviceOperand<T> c, DeviceOperand<T> d, DeviceOperand<T> e)
        where P : struct, IRowAlgorithm<DeviceCells<V, T>> =>
        P.Run(shape, index.Y, Of(a, index.X), Of(b, index.X), Of(c, index.X), Of(d, index.X), Of(e, index.X));

    private static DeviceCells<V, T> Of(DeviceOperand<T> operand, int row) => new(operand.Data, row * operand.RowStep, operand.ColumnStep);
}
