using System.Numerics;
using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <summary>All kernels for one number type: what <see cref="GpuKernels{V, T}"/> launches, and what the tests compile for every architecture.</summary>
/// <remarks>One program belongs to one device. A kernel is compiled when it is first launched.</remarks>
internal sealed partial class GpuProgram<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<GpuKernel> _all = [];
    private readonly List<UnaryKernels<T>> _unary = [];
    private readonly List<BinaryKernels<T>> _binary = [];

    public GpuProgram()
    {
        Fill = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, T>>(ElementwiseKernels<V, T>.Fill);
        ClearFrom = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, int>>(ElementwiseKernels<V, T>.ClearFrom);
        Copy = Each<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceMatrix<T>, int>>(ElementwiseKernels<V, T>.Copy);
        ScaleShift = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, T, T, DeviceMatrix<T>, int>>(ElementwiseKernels<V, T>.ScaleShift);
        Select = Each<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Select);
        SelectAdjoint = Each<Action<AcceleratorStream, Index1D, DeviceOperand<T>, int, DeviceMatrix<T>, DeviceOperand<T>, int>>(ElementwiseKernels<V, T>.SelectAdjoint);
        SumSelectAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>(ReductionKernels<V, T>.SelectAdjoint);
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
        Gaussianization = Each<Action<AcceleratorStream, Index2D, GaussianizationConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>>(TransformKernels<V, T>.Gaussianization);
        GaussianizationAdjoint = Each<Action<AcceleratorStream, Index2D, GaussianizationConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>>(TransformKernels<V, T>.GaussianizationAdjoint);
        AddTerm = Each<Action<AcceleratorStream, Index2D, ResidualTerm<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ResidualKernels<V, T>.AddTerm);
        ApplyResidual = Each<Action<AcceleratorStream, Index1D, int, T, int, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ResidualKernels<V, T>.Apply);
        ApplyResidualAdjoint = Each<Action<AcceleratorStream, Index2D, int, T, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, DeviceMatrix<T>>>(ResidualKernels<V, T>.ApplyAdjoint);
        CoefficientAdjoint = Each<Action<AcceleratorStream, Index2D, ResidualTerm<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, int>>(ResidualKernels<V, T>.CoefficientAdjoint);
        NuisanceAdjoint = Each<Action<AcceleratorStream, Index1D, ResidualTerm<T>, int, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ResidualKernels<V, T>.NuisanceAdjoint);
        RootStep = Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(RootKernels<V, T>.Step);
        TriangularSolve = Each<Action<AcceleratorStream, Index1D, ArrayView<T>, int, int, int, DeviceMatrix<T>, DeviceMatrix<T>>>(TriangularKernels<V, T>.Solve);
        TriangularMatrixAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, ArrayView<T>>>(TriangularKernels<V, T>.MatrixAdjoint);
        LogAbsDiagonal = Each<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>>>(TriangularKernels<V, T>.LogAbsDiagonal);
        LogAbsDiagonalAdjoint = Each<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(TriangularKernels<V, T>.LogAbsDiagonalAdjoint);
        InputAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, int, DeviceMatrix<T>, int, int, int, int>>(LinearKernels<V, T>.InputAdjoint);
        WeightAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, ArrayView<int>, int, ArrayView<T>, int, int, int, int>>(LinearKernels<V, T>.WeightAdjoint);
        AddParts = Each<Action<AcceleratorStream, Index2D, ArrayView<T>, int, int, int, ArrayView<int>, int, DeviceMatrix<T>>>(LinearKernels<V, T>.AddParts);
        Convolution = Each<Action<AcceleratorStream, Index2D, ConvolutionSizes, DeviceMatrix<T>, ArrayView<T>, ArrayView<T>, int, ArrayView<int>, DeviceMatrix<T>>>(ConvolutionKernels<V, T>.Forward);
        ConvolutionInputAdjoint = Each<Action<AcceleratorStream, Index2D, ConvolutionSizes, DeviceMatrix<T>, ArrayView<T>, ArrayView<int>, DeviceMatrix<T>, int>>(ConvolutionKernels<V, T>.InputAdjoint);
        ConvolutionWeightAdjoint = Grouped<Action<AcceleratorStream, KernelConfig, ConvolutionSizes, DeviceMatrix<T>, DeviceMatrix<T>, int, ArrayView<int>, ArrayView<T>, int, ArrayView<T>, int>>(ConvolutionKernels<V, T>.WeightAdjoint);
        WeightedSum = Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, int, ArrayView<double>, int>>(TrainingKernels<V, T>.WeightedSum);
        Add = Each<Action<AcceleratorStream, Index1D, ArrayView<T>, ArrayView<T>, ArrayView<T>>>(TrainingKernels<V, T>.Add);
        Squares = Grouped<Action<AcceleratorStream, KernelConfig, ArrayView<T>, int, ArrayView<double>>>(TrainingKernels<V, T>.Squares);
        AddUp = Grouped<Action<AcceleratorStream, KernelConfig, ArrayView<double>, int, ArrayView<double>, int>>(TrainingKernels<V, T>.AddUp);
        Sgd = Each<Action<AcceleratorStream, Index1D, SgdUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>>(TrainingKernels<V, T>.Sweep<SgdUpdate<V, T>>);
        Adam = Each<Action<AcceleratorStream, Index1D, AdamUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>>(TrainingKernels<V, T>.Sweep<AdamUpdate<V, T>>);
        RAdam = Each<Action<AcceleratorStream, Index1D, RAdamUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>>(TrainingKernels<V, T>.Sweep<RAdamUpdate<V, T>>);

        var adder = new Adder(this);
        foreach (var function in UnaryFunction.All)
            function.Accept(ref adder);
        foreach (var function in BinaryFunction.All)
            function.Accept(ref adder);
        AddRowKernels();
    }

    /// <summary>Every kernel.</summary>
    public IReadOnlyList<GpuKernel> All => _all;

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, T>> Fill { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, int>> ClearFrom { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceMatrix<T>, int>> Copy { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, T, T, DeviceMatrix<T>, int>> ScaleShift { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>>> Select { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceOperand<T>, int, DeviceMatrix<T>, DeviceOperand<T>, int>> SelectAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, int>> SumSelectAdjoint { get; }

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

    public LaunchableKernel<Action<AcceleratorStream, Index2D, GaussianizationConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>>> Gaussianization { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, GaussianizationConstants<T>, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, int>> GaussianizationAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ResidualTerm<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> AddTerm { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, int, T, int, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> ApplyResidual { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, int, T, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, int, DeviceMatrix<T>, DeviceMatrix<T>>> ApplyResidualAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ResidualTerm<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, int>> CoefficientAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, ResidualTerm<T>, int, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> NuisanceAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> RootStep { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, ArrayView<T>, int, int, int, DeviceMatrix<T>, DeviceMatrix<T>>> TriangularSolve { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, ArrayView<T>>> TriangularMatrixAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, int, DeviceMatrix<T>>> LogAbsDiagonal { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>> LogAbsDiagonalAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<int>, int, DeviceMatrix<T>, int, int, int, int>> InputAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, ArrayView<int>, int, ArrayView<T>, int, int, int, int>> WeightAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ArrayView<T>, int, int, int, ArrayView<int>, int, DeviceMatrix<T>>> AddParts { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ConvolutionSizes, DeviceMatrix<T>, ArrayView<T>, ArrayView<T>, int, ArrayView<int>, DeviceMatrix<T>>> Convolution { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index2D, ConvolutionSizes, DeviceMatrix<T>, ArrayView<T>, ArrayView<int>, DeviceMatrix<T>, int>> ConvolutionInputAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, ConvolutionSizes, DeviceMatrix<T>, DeviceMatrix<T>, int, ArrayView<int>, ArrayView<T>, int, ArrayView<T>, int>> ConvolutionWeightAdjoint { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, int, ArrayView<double>, int>> WeightedSum { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, ArrayView<T>, ArrayView<T>, ArrayView<T>>> Add { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, ArrayView<T>, int, ArrayView<double>>> Squares { get; }

    public LaunchableKernel<Action<AcceleratorStream, KernelConfig, ArrayView<double>, int, ArrayView<double>, int>> AddUp { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, SgdUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>> Sgd { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, AdamUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>> Adam { get; }

    public LaunchableKernel<Action<AcceleratorStream, Index1D, RAdamUpdate<V, T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>>> RAdam { get; }

    /// <summary>The kernels of a function of one argument.</summary>
    public UnaryKernels<T> Of(UnaryFunction function) => _unary[function.Index];

    /// <summary>The kernels of a function of two arguments.</summary>
    public BinaryKernels<T> Of(BinaryFunction function) => _binary[function.Index];

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

    // Makes the kernels of each function of the lists, in their order.
    private readonly struct Adder(GpuProgram<V, T> program) : IUnaryVisitor, IBinaryVisitor
    {
        void IUnaryVisitor.Visit<F>() => program._unary.Add(new UnaryKernels<T>
        {
            Value = program.Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Unary<F>),
            Adjoint = program.Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryAdjoint<F>),
            Tangent = program.Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryTangent<F>),
            Curvature = program.Each<Action<AcceleratorStream, Index2D, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.UnaryCurvature<F>),
            Linear = !F.IsFusedIntoProducts ? null : program.Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceOperand<T>, ArrayView<T>, int, ArrayView<int>, int, DeviceMatrix<T>, DeviceMatrix<T>, int, int, int, int>>(LinearKernels<V, T>.Forward<F>),
            ActivationAdjoint = program.Grouped<Action<AcceleratorStream, KernelConfig, DeviceMatrix<T>, DeviceMatrix<T>, int, DeviceMatrix<T>, int, ArrayView<T>, int>>(LinearKernels<V, T>.ActivationAdjoint<F>),
        });

        void IBinaryVisitor.Visit<F>() => program._binary.Add(new BinaryKernels<T>
        {
            Value = program.Each<Action<AcceleratorStream, Index2D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>>>(ElementwiseKernels<V, T>.Binary<F>),
            ByFirst = program.Each<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>>(ElementwiseKernels<V, T>.BinaryAdjoint<ByFirst<F>>),
            BySecond = program.Each<Action<AcceleratorStream, Index1D, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceOperand<T>, int>>(ElementwiseKernels<V, T>.BinaryAdjoint<BySecond<F>>),
            SumByFirst = program.Grouped<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>(ReductionKernels<V, T>.BinaryAdjoint<ByFirst<F>>),
            SumBySecond = program.Grouped<Action<AcceleratorStream, KernelConfig, DeviceOperand<T>, DeviceOperand<T>, DeviceMatrix<T>, DeviceMatrix<T>, int, int>>(ReductionKernels<V, T>.BinaryAdjoint<BySecond<F>>),
        });
    }
}
