using System.Diagnostics.CodeAnalysis;
using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <content>Row-wise algorithms: one kernel for each, a thread for every item of every row.</content>
internal sealed partial class GpuProgram<V, T>
{
    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SegmentSum { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SegmentRepeat { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SegmentCumulativeSum { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> HartleyJoin { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> HartleyPlane { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> ColumnRank { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> ColumnsByRank { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> ColumnsByRankAdjoint { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SmallProduct { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SmallTriangularSolve { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SmallCholesky { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SmallCholeskyAdjoint { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SmallLu { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SmallLuSolve { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> SmallLuLogAdjoint { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> LogisticMixture { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> LogisticMixtureAdjoint { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> LogisticMixtureQuantile { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> Reflections { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> ReflectionsAdjoint { get; private set; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>>[] Segments { get; } =
        new LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>>[Enum.GetValues<SegmentFunction>().Length];

    public LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>>[] SegmentsAdjoint { get; } =
        new LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>>[Enum.GetValues<SegmentFunction>().Length];

    [MemberNotNull(nameof(SegmentSum))]
    [MemberNotNull(nameof(SegmentRepeat))]
    [MemberNotNull(nameof(SegmentCumulativeSum))]
    [MemberNotNull(nameof(HartleyJoin))]
    [MemberNotNull(nameof(HartleyPlane))]
    [MemberNotNull(nameof(ColumnRank))]
    [MemberNotNull(nameof(ColumnsByRank))]
    [MemberNotNull(nameof(ColumnsByRankAdjoint))]
    [MemberNotNull(nameof(SmallProduct))]
    [MemberNotNull(nameof(SmallTriangularSolve))]
    [MemberNotNull(nameof(SmallCholesky))]
    [MemberNotNull(nameof(SmallCholeskyAdjoint))]
    [MemberNotNull(nameof(SmallLu))]
    [MemberNotNull(nameof(SmallLuSolve))]
    [MemberNotNull(nameof(SmallLuLogAdjoint))]
    [MemberNotNull(nameof(LogisticMixture))]
    [MemberNotNull(nameof(LogisticMixtureAdjoint))]
    [MemberNotNull(nameof(LogisticMixtureQuantile))]
    [MemberNotNull(nameof(Reflections))]
    [MemberNotNull(nameof(ReflectionsAdjoint))]
    private void AddRowKernels()
    {
        SegmentSum = Row<SegmentSum<V, T, DeviceCells<V, T>>>();
        SegmentRepeat = Row<SegmentRepeat<V, T, DeviceCells<V, T>>>();
        SegmentCumulativeSum = Row<SegmentCumulativeSum<V, T, DeviceCells<V, T>>>();
        HartleyJoin = Row<HartleyJoin<V, T, DeviceCells<V, T>>>();
        HartleyPlane = Row<HartleyPlane<V, T, DeviceCells<V, T>>>();
        ColumnRank = Row<ColumnRank<V, T, DeviceCells<V, T>>>();
        ColumnsByRank = Row<ColumnsByRank<V, T, DeviceCells<V, T>>>();
        ColumnsByRankAdjoint = Row<ColumnsByRankAdjoint<V, T, DeviceCells<V, T>>>();
        SmallProduct = Row<SmallProduct<V, T, DeviceCells<V, T>>>();
        SmallTriangularSolve = Row<SmallTriangularSolve<V, T, DeviceCells<V, T>>>();
        SmallCholesky = Row<SmallCholesky<V, T, DeviceCells<V, T>>>();
        SmallCholeskyAdjoint = Row<SmallCholeskyAdjoint<V, T, DeviceCells<V, T>>>();
        SmallLu = Row<SmallLu<V, T, DeviceCells<V, T>>>();
        SmallLuSolve = Row<SmallLuSolve<V, T, DeviceCells<V, T>>>();
        SmallLuLogAdjoint = Row<SmallLuLogAdjoint<V, T, DeviceCells<V, T>>>();
        LogisticMixture = Row<LogisticMixture<V, T, DeviceCells<V, T>>>();
        LogisticMixtureAdjoint = Row<LogisticMixtureAdjoint<V, T, DeviceCells<V, T>>>();
        LogisticMixtureQuantile = Row<LogisticMixtureQuantile<V, T, DeviceCells<V, T>>>();
        Reflections = Row<Reflections<V, T, DeviceCells<V, T>>>();
        ReflectionsAdjoint = Row<ReflectionsAdjoint<V, T, DeviceCells<V, T>>>();
        Segments[(int)SegmentFunction.LogSumExp] = Row<SegmentLogSumExp<V, T, DeviceCells<V, T>>>();
        SegmentsAdjoint[(int)SegmentFunction.LogSumExp] = Row<SegmentLogSumExpAdjoint<V, T, DeviceCells<V, T>>>();
        Segments[(int)SegmentFunction.Max] = Row<SegmentMax<V, T, DeviceCells<V, T>>>();
        SegmentsAdjoint[(int)SegmentFunction.Max] = Row<SegmentMaxAdjoint<V, T, DeviceCells<V, T>>>();
        Segments[(int)SegmentFunction.Softmax] = Row<SegmentSoftmax<V, T, DeviceCells<V, T>>>();
        SegmentsAdjoint[(int)SegmentFunction.Softmax] = Row<SegmentSoftmaxAdjoint<V, T, DeviceCells<V, T>>>();
        Segments[(int)SegmentFunction.LogSoftmax] = Row<SegmentLogSoftmax<V, T, DeviceCells<V, T>>>();
        SegmentsAdjoint[(int)SegmentFunction.LogSoftmax] = Row<SegmentLogSoftmaxAdjoint<V, T, DeviceCells<V, T>>>();
        Segments[(int)SegmentFunction.LogCumulativeSumExp] = Row<SegmentLogCumulativeSumExp<V, T, DeviceCells<V, T>>>();
        SegmentsAdjoint[(int)SegmentFunction.LogCumulativeSumExp] = Row<SegmentLogCumulativeSumExpAdjoint<V, T, DeviceCells<V, T>>>();

        // The direction is a setting of the same kernels.
        Segments[(int)SegmentFunction.ReverseLogCumulativeSumExp] = Segments[(int)SegmentFunction.LogCumulativeSumExp];
        SegmentsAdjoint[(int)SegmentFunction.ReverseLogCumulativeSumExp] = SegmentsAdjoint[(int)SegmentFunction.LogCumulativeSumExp];
    }

    private LaunchableKernel<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>> Row<P>()
        where P : struct, IRowAlgorithm<DeviceCells<V, T>> =>
        Each<Action<AcceleratorStream, Index2D, RowShape, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>>>(RowKernels<V, T>.Run<P>);
}
