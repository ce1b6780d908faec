using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <summary>The kernels of one function of one argument, alone and as the activation of a layer.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class UnaryKernels<T>
    where T : unmanaged
{
    public required LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>> Value { get; init; }

    public required LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> Adjoint { get; init; }

    public required LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> Tangent { get; init; }

    public required LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> Curvature { get; init; }

    /// <summary>The product that ends with the function; null where it is not fused (<see cref="FlowCore.Compute.IUnaryFormula.IsFusedIntoProducts"/>).</summary>
    public required LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<T>, int, ArrayView<int>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, int>>? Linear { get; init; }

    public required LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, ArrayView<T>, int>> ActivationAdjoint { get; init; }
}
