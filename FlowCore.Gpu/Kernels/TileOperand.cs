using ILGPU;

namespace FlowCore.Gpu;

/// <summary>One operand of a matrix product: a row or column of the result is an outer index, what is summed over is the depth.</summary>
/// <param name="data">The memory from the first number on.</param>
/// <param name="outerStep">The distance from one outer index to the next.</param>
/// <param name="depthStep">The distance along the depth.</param>
internal readonly struct TileOperand<T>(ArrayView<T> data, int outerStep, int depthStep)
    where T : unmanaged
{
    /// <summary>The memory from the first number on.</summary>
    public readonly ArrayView<T> Data = data;

    /// <summary>The distance from one outer index to the next.</summary>
    public readonly int OuterStep = outerStep;

    /// <summary>The distance along the depth; where it is 1, neighbouring threads load along the depth.</summary>
    public readonly int DepthStep = depthStep;

    /// <summary>One number.</summary>
    public T this[int outer, int depth] => Data[(outer * OuterStep) + (depth * DepthStep)];
}
