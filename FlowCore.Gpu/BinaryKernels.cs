using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <summary>The kernels of one function of two arguments: its value, and the adjoint of an operand of many rows or of one that is summed.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class BinaryKernels<T>
    where T : unmanaged
{
    public required LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>>> Value { get; init; }

    public required LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>> ByFirst { get; init; }

    public required LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>> BySecond { get; init; }

    public required LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>> SumByFirst { get; init; }

    public required LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>> SumBySecond { get; init; }
}
