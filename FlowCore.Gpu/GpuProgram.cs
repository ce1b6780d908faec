using System.Numerics;
using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <summary>All kernels for one number type: what <see cref="GpuKernels{V, T}"/> launches, and what the tests compile for every architecture.</summary>
/// <remarks>One program belongs to one device. A kernel is compiled when it is first launched.</remarks>
internal sealed class GpuProgram<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<GpuKernel> _all = [];

    public GpuProgram()
    {
        Fill = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, T>>(ElementwiseKernels<V, T>.Fill);
        ClearFrom = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, int>>(ElementwiseKernels<V, T>.ClearFrom);
        Copy = Each<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceMatrix<T>, int>>(ElementwiseKernels<V, T>.Copy);
        ScaleShift = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, T, T, DeviceMatrix<T>, int>>(ElementwiseKernels<V, T>.ScaleShift);
        Gather = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, ArrayView<int>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Gather);
        ScatterAdd = Each<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, ArrayView<int>, DeviceMatrix<T>, int>>(ElementwiseKernels<V, T>.ScatterAdd);
        Normal = Each<Action<AcceleratorStream, Index2D, ulong, ulong, ulong, DeviceMatrix<T>, int, int>>(ElementwiseKernels<V, T>.Random<NormalNumber<V, T>>);
        Uniform = Each<Action<AcceleratorStream, Index2D, ulong, ulong, ulong, DeviceMatrix<T>, int, int>>(ElementwiseKernels<V, T>.Random<UniformNumber<V, T>>);
        SumColumns = Each<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>>>(ReductionKernels<V, T>.SumColumns);
        SumRows = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, int, DeviceMatrix<T>, int>>(ReductionKernels<V, T>.SumRows);
        LogSumExp = Each<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>>>(ReductionKernels<V, T>.LogSumExp);
        LogSumExpAdjoint = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ReductionKernels<V, T>.LogSumExpAdjoint);
        NormalLogDensity = Each<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>>>(ReductionKernels<V, T>.NormalLogDensity);
        NormalLogDensityAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int>>(ReductionKernels<V, T>.NormalLogDensityAdjoint);
        PlainSpline = Each<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>>(SplineKernels<V, T>.Spline<PlainSpline>);
        PlainSplineAdjoint = Each<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>>(SplineKernels<V, T>.SplineAdjoint<PlainSpline>);
        LimitedSpline = Each<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>>(SplineKernels<V, T>.Spline<LimitedSpline>);
        LimitedSplineAdjoint = Each<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>>(SplineKernels<V, T>.SplineAdjoint<LimitedSpline>);
        SoftmaxSpline = Each<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>>(SplineKernels<V, T>.Spline<SoftmaxSpline>);
        SoftmaxSplineAdjoint = Each<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>>(SplineKernels<V, T>.SplineAdjoint<SoftmaxSpline>);
        Affine = Each<Action<AcceleratorStream, Index2D, int, T, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>>(TransformKernels<V, T>.Affine);
        AffineAdjoint = Each<Action<AcceleratorStream, Index2D, int, T, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>>(TransformKernels<V, T>.AffineAdjoint);
        AddTerm = Each<Action<AcceleratorStream, Index2D, ResidualTerm<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ResidualKernels<V, T>.AddTerm);
        ApplyResidual = Each<Action<AcceleratorStream, Index1D, int, T, int, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ResidualKernels<V, T>.Apply);
        ApplyResidualAdjoint = Each<Action<AcceleratorStream, Index2D, int, T, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, DeviceMatrix<T>>>(ResidualKernels<V, T>.ApplyAdjoint);
        CoefficientAdjoint = Each<Action<AcceleratorStream, Index2D, ResidualTerm<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, int>>(ResidualKernels<V, T>.CoefficientAdjoint);
        NuisanceAdjoint = Each<Action<AcceleratorStream, Index1D, ResidualTerm<T>, int, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ResidualKernels<V, T>.NuisanceAdjoint);
        TriangularSolve = Each<Action<AcceleratorStream, Index1D, ArrayView<T>, int, int, int, DeviceMatrix<T>, DeviceMatrix<T>>>(TriangularKernels<V, T>.Solve);
        TriangularMatrixAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, ArrayView<T>>>(TriangularKernels<V, T>.MatrixAdjoint);
        LogAbsDiagonal = Each<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>>>(TriangularKernels<V, T>.LogAbsDiagonal);
        LogAbsDiagonalAdjoint = Each<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(TriangularKernels<V, T>.LogAbsDiagonalAdjoint);
        InputAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, int, DeviceMatrix<T>, int, int, int, int>>(LinearKernels<V, T>.InputAdjoint);
        WeightAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, ArrayView<int>, int, ArrayView<T>, int, int, int, int>>(LinearKernels<V, T>.WeightAdjoint);
        AddParts = Each<Action<AcceleratorStream, Index2D, ArrayView<T>, int, int, int, ArrayView<int>, int, DeviceMatrix<T>>>(LinearKernels<V, T>.AddParts);
        WeightedSum = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, int, ArrayView<double>, int>>(TrainingKernels<V, T>.WeightedSum);
        Add = Each<Action<AcceleratorStream, Index1D, ArrayView<T>, ArrayView<T>, ArrayView<T>>>(TrainingKernels<V, T>.Add);
        Squares = Grouped<Action<AcceleratorStream, KernelConfig, ArrayView<T>, int, ArrayView<double>>>(TrainingKernels<V, T>.Squares);
        AddUp = Grouped<Action<AcceleratorStream, KernelConfig, ArrayView<double>, int, ArrayView<double>, int>>(TrainingKernels<V, T>.AddUp);
        Sgd = Each<Action<AcceleratorStream, Index1D, SgdUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>>(TrainingKernels<V, T>.Sweep<SgdUpdate<V, T>>);
        Adam = Each<Action<AcceleratorStream, Index1D, AdamUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>>(TrainingKernels<V, T>.Sweep<AdamUpdate<V, T>>);
        RAdam = Each<Action<AcceleratorStream, Index1D, RAdamUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>>(TrainingKernels<V, T>.Sweep<RAdamUpdate<V, T>>);

        Unary[(int)UnaryFunction.Negate] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<PowerFunctions<V, T>.Negate>);
        UnaryAdjoint[(int)UnaryFunction.Negate] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<PowerFunctions<V, T>.Negate>);
        Unary[(int)UnaryFunction.Abs] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<PowerFunctions<V, T>.Abs>);
        UnaryAdjoint[(int)UnaryFunction.Abs] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<PowerFunctions<V, T>.Abs>);
        Unary[(int)UnaryFunction.Square] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<PowerFunctions<V, T>.Square>);
        UnaryAdjoint[(int)UnaryFunction.Square] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<PowerFunctions<V, T>.Square>);
        Unary[(int)UnaryFunction.Sqrt] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<PowerFunctions<V, T>.Sqrt>);
        UnaryAdjoint[(int)UnaryFunction.Sqrt] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<PowerFunctions<V, T>.Sqrt>);
        Unary[(int)UnaryFunction.Reciprocal] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<PowerFunctions<V, T>.Reciprocal>);
        UnaryAdjoint[(int)UnaryFunction.Reciprocal] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<PowerFunctions<V, T>.Reciprocal>);
        Unary[(int)UnaryFunction.Exp] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ExponentialFunctions<V, T>.Exp>);
        UnaryAdjoint[(int)UnaryFunction.Exp] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ExponentialFunctions<V, T>.Exp>);
        Unary[(int)UnaryFunction.Expm1] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ExponentialFunctions<V, T>.Expm1>);
        UnaryAdjoint[(int)UnaryFunction.Expm1] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ExponentialFunctions<V, T>.Expm1>);
        Unary[(int)UnaryFunction.Log] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ExponentialFunctions<V, T>.Log>);
        UnaryAdjoint[(int)UnaryFunction.Log] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ExponentialFunctions<V, T>.Log>);
        Unary[(int)UnaryFunction.Log1p] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ExponentialFunctions<V, T>.Log1p>);
        UnaryAdjoint[(int)UnaryFunction.Log1p] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ExponentialFunctions<V, T>.Log1p>);
        Unary[(int)UnaryFunction.Sin] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<TrigonometricFunctions<V, T>.Sin>);
        UnaryAdjoint[(int)UnaryFunction.Sin] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<TrigonometricFunctions<V, T>.Sin>);
        Unary[(int)UnaryFunction.Cos] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<TrigonometricFunctions<V, T>.Cos>);
        UnaryAdjoint[(int)UnaryFunction.Cos] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<TrigonometricFunctions<V, T>.Cos>);
        Unary[(int)UnaryFunction.ReLU] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ActivationFunctions<V, T>.ReLU>);
        UnaryAdjoint[(int)UnaryFunction.ReLU] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ActivationFunctions<V, T>.ReLU>);
        Unary[(int)UnaryFunction.Elu] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ActivationFunctions<V, T>.Elu>);
        UnaryAdjoint[(int)UnaryFunction.Elu] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ActivationFunctions<V, T>.Elu>);
        Unary[(int)UnaryFunction.Gelu] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ActivationFunctions<V, T>.Gelu>);
        UnaryAdjoint[(int)UnaryFunction.Gelu] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ActivationFunctions<V, T>.Gelu>);
        Unary[(int)UnaryFunction.Silu] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ActivationFunctions<V, T>.Silu>);
        UnaryAdjoint[(int)UnaryFunction.Silu] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ActivationFunctions<V, T>.Silu>);
        Unary[(int)UnaryFunction.Tanh] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ActivationFunctions<V, T>.Tanh>);
        UnaryAdjoint[(int)UnaryFunction.Tanh] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ActivationFunctions<V, T>.Tanh>);
        Unary[(int)UnaryFunction.Sigmoid] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ActivationFunctions<V, T>.Sigmoid>);
        UnaryAdjoint[(int)UnaryFunction.Sigmoid] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ActivationFunctions<V, T>.Sigmoid>);
        Unary[(int)UnaryFunction.Softplus] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ActivationFunctions<V, T>.Softplus>);
        UnaryAdjoint[(int)UnaryFunction.Softplus] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ActivationFunctions<V, T>.Softplus>);
        Unary[(int)UnaryFunction.LeakyReLU] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<ActivationFunctions<V, T>.LeakyReLU>);
        UnaryAdjoint[(int)UnaryFunction.LeakyReLU] = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<ActivationFunctions<V, T>.LeakyReLU>);

        AddBinary<ArithmeticFunctions<V, T>.Add>(BinaryFunction.Add);
        AddBinary<ArithmeticFunctions<V, T>.Subtract>(BinaryFunction.Subtract);
        AddBinary<ArithmeticFunctions<V, T>.Multiply>(BinaryFunction.Multiply);
        AddBinary<ArithmeticFunctions<V, T>.Divide>(BinaryFunction.Divide);
        AddBinary<ArithmeticFunctions<V, T>.Max>(BinaryFunction.Max);
        AddBinary<ArithmeticFunctions<V, T>.Min>(BinaryFunction.Min);

        AddActivation<ActivationFunctions<V, T>.Identity>(Activation.Identity);
        AddActivation<ActivationFunctions<V, T>.ReLU>(Activation.ReLU);
        AddActivation<ActivationFunctions<V, T>.Elu>(Activation.Elu);
        AddActivation<ActivationFunctions<V, T>.Gelu>(Activation.Gelu);
        AddActivation<ActivationFunctions<V, T>.Silu>(Activation.Silu);
        AddActivation<ActivationFunctions<V, T>.Tanh>(Activation.Tanh);
        AddActivation<ActivationFunctions<V, T>.Sigmoid>(Activation.Sigmoid);
        AddActivation<ActivationFunctions<V, T>.Softplus>(Activation.Softplus);
        AddActivation<ActivationFunctions<V, T>.LeakyReLU>(Activation.LeakyReLU);
    }

    /// <summary>Every kernel.</summary>
    public IReadOnlyList<GpuKernel> All => _all;

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, T>> Fill { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, int>> ClearFrom { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceMatrix<T>, int>> Copy { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, T, T, DeviceMatrix<T>, int>> ScaleShift { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, ArrayView<int>, DeviceMatrix<T>>> Gather { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, ArrayView<int>, DeviceMatrix<T>, int>> ScatterAdd { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ulong, ulong, ulong, DeviceMatrix<T>, int, int>> Normal { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ulong, ulong, ulong, DeviceMatrix<T>, int, int>> Uniform { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>>> SumColumns { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, int, DeviceMatrix<T>, int>> SumRows { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>>> LogSumExp { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> LogSumExpAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>>> NormalLogDensity { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int>> NormalLogDensityAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>> PlainSpline { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>> PlainSplineAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>> LimitedSpline { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>> LimitedSplineAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>> SoftmaxSpline { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, SplineConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>> SoftmaxSplineAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, int, T, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>> Affine { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, int, T, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>> AffineAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ResidualTerm<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> AddTerm { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, int, T, int, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> ApplyResidual { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, int, T, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, DeviceMatrix<T>>> ApplyResidualAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ResidualTerm<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, int>> CoefficientAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, ResidualTerm<T>, int, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> NuisanceAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, ArrayView<T>, int, int, int, DeviceMatrix<T>, DeviceMatrix<T>>> TriangularSolve { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, ArrayView<T>>> TriangularMatrixAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>>> LogAbsDiagonal { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> LogAbsDiagonalAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, int, DeviceMatrix<T>, int, int, int, int>> InputAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, ArrayView<int>, int, ArrayView<T>, int, int, int, int>> WeightAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ArrayView<T>, int, int, int, ArrayView<int>, int, DeviceMatrix<T>>> AddParts { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, int, ArrayView<double>, int>> WeightedSum { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, ArrayView<T>, ArrayView<T>, ArrayView<T>>> Add { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, ArrayView<T>, int, ArrayView<double>>> Squares { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, ArrayView<double>, int, ArrayView<double>, int>> AddUp { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, SgdUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>> Sgd { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, AdamUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>> Adam { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, RAdamUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>> RAdam { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>[] Unary { get; } = new LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>[Enum.GetValues<UnaryFunction>().Length];

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>[] UnaryAdjoint { get; } = new LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>[Enum.GetValues<UnaryFunction>().Length];

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>>>[] Binary { get; } = new LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>>>[Enum.GetValues<BinaryFunction>().Length];

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>>[] ByFirst { get; } = new LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>>[Enum.GetValues<BinaryFunction>().Length];

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>[] SumByFirst { get; } = new LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>[Enum.GetValues<BinaryFunction>().Length];

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>>[] BySecond { get; } = new LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>>[Enum.GetValues<BinaryFunction>().Length];

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>[] SumBySecond { get; } = new LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>[Enum.GetValues<BinaryFunction>().Length];

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<T>, int, ArrayView<int>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, int>>[] Linear { get; } = new LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<T>, int, ArrayView<int>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, int>>[Enum.GetValues<Activation>().Length];

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, ArrayView<T>, int>>[] ActivationAdjoint { get; } = new LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, ArrayView<T>, int>>[Enum.GetValues<Activation>().Length];

    private void AddBinary<F>(BinaryFunction function)
        where F : struct, IBinaryFunction<V>
    {
        var i = (int)function;
        Binary[i] = Each<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Binary<F>);
        ByFirst[i] = Each<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>>(ElementwiseKernels<V, T>.BinaryAdjoint<ByFirst<F, V>>);
        BySecond[i] = Each<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>>(ElementwiseKernels<V, T>.BinaryAdjoint<BySecond<F, V>>);
        SumByFirst[i] = Grouped<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>(ReductionKernels<V, T>.BinaryAdjoint<ByFirst<F, V>>);
        SumBySecond[i] = Grouped<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>(ReductionKernels<V, T>.BinaryAdjoint<BySecond<F, V>>);
    }

    private void AddActivation<F>(Activation activation)
        where F : struct, IUnaryFunction<V>
    {
        Linear[(int)activation] = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<T>, int, ArrayView<int>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, int>>(LinearKernels<V, T>.Forward<F>);
        ActivationAdjoint[(int)activation] = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, ArrayView<T>, int>>(LinearKernels<V, T>.ActivationAdjoint<F>);
    }

    private LaunchableKernel<TLauncher> Each<TLauncher>(Delegate method)
        where TLauncher : Delegate => Keep(new LaunchableKernel<TLauncher>(method.Method, isGrouped: false));

    private LaunchableKernel<TLauncher> Grouped<TLauncher>(Delegate method)
        where TLauncher : Delegate => Keep(new LaunchableKernel<TLauncher>(method.Method, isGrouped: true));

    private LaunchableKernel<TLauncher> Keep<TLauncher>(LaunchableKernel<TLauncher> kernel)
        where TLauncher : Delegate
    {
        _all.Add(kernel);
        return kernel;
    }
}
