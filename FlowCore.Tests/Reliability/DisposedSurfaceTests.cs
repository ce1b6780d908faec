using System.Reflection;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Factorizable;
using FlowCore.Fields;
using FlowCore.Flows;
using FlowCore.Inference;
using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using FlowCore.Tests.IO;
using FlowCore.Tests.Training;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>
/// After Dispose every public method and property of everything that can be disposed, and of what holds such an object, is an
/// <see cref="ObjectDisposedException"/>, but for those that are named here, which give a harmless value.
/// </summary>
[TestFixture]
internal sealed class DisposedSurfaceTests
{
    private static readonly string[] _harmlessOfModels =
        ["Features", "NoiseFeatures", "ContextFeatures", "Nuisances", "ConditionColumns", "BaseDistribution", "Device", "Parameters", "AllowNonFinite", "NonFiniteResults", "Base", "Transform",
            "Residual", "IsBehindChart", "BlockRows"];

    private static readonly string[] _harmlessOfTransforms = ["Features", "NoiseFeatures", "ConditionColumns", "Domain", "Codomain", "Parameters"];

    private static readonly Type[] _owners =
        [typeof(Decoder<>), typeof(DecoderOfCounts<>), typeof(DecoderOfFlow<>), typeof(DecoderOfItems<>), typeof(Denoiser<>), typeof(ExtendedLikelihood<>), typeof(MixedObjective<>)];

    private static readonly HashSet<Type> _walked = [];

    private TemporaryFolder _folder = null!;
    private CpuDevice _device = null!;
    private Kernels<double> _kernels = null!;
    private Tape<double> _tape = null!;
    private Variable<double> _block;
    private DeviceMemory<double> _memory = null!;
    private Matrix<double> _matrix;

    [SetUp]
    public void MakeLiveArguments()
    {
        _folder = new TemporaryFolder();
        _device = new CpuDevice(2);
        _kernels = _device.CreateKernels<double>();
        _tape = new Tape<double>(_kernels, 2);
        _tape.Begin(2, record: false);
        _block = _tape.Input([0.1, 0.2, 0.3, 0.4], 2);
        // Whatever a kernel makes of two rows and two columns, it stays within.
        _memory = _kernels.Allocate(1 << 16);
        _matrix = new Matrix<double>(_memory, 0, 2, 2, 40);
    }

    [TearDown]
    public void FreeLiveArguments()
    {
        _tape.Dispose();
        _kernels.Dispose();
        _memory.Dispose();
        _device.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void A_flow()
    {
        var flow = Models.Spline<double>(2, 0, _device);
        flow.LogDensity([0.5, 0.5], new double[1]);
        DisposeTwice(flow);
        Walk(flow, typeof(Flow<double>), _harmlessOfModels);
        Walk(flow.Parameters, typeof(ParameterStore<double>), ["Device", "Memory", "Length", "Parameters", "Count"]);
        Walk(flow.Parameters.Memory, typeof(DeviceMemory<double>), ["Length"]);
        foreach (var parameter in flow.Parameters.Parameters)
        {
            Walk(
                parameter,
                typeof(Parameter<double>),
                ["Name", "Rows", "Columns", "IsVector", "Length", "Trainable", "RowOrder", "ColumnOrder", "Staircase", "Store", "Offset"],
                _ => new double[parameter.Length]);
        }

        Walk(
            flow.Transform, typeof(Transform<double>), _harmlessOfTransforms, Variables);
        Walk(new DensityModelData<double>(flow), typeof(DensityModelData<double>), ["Rows", "CheckShape"]);
    }

    [Test]
    public void A_continuous_flow()
    {
        var flow = new ContinuousFlow<double>(new ContinuousFlowSettings { Features = 2, HiddenSizes = [4], Solve = new ContinuousSettings { Steps = 2 } }, _device);
        flow.LogDensity([0.5, 0.5], new double[1]);
        DisposeTwice(flow);
        Walk(flow, typeof(ContinuousFlow<double>), [.. _harmlessOfModels, "Paths", "Steps"]);
    }

    [Test]
    public void A_factorizable_flow([Values] bool itself)
    {
        var model = Models.Factorizable<double>(2, 0, 1, _device);
        model.LogDensity([0.5, 0.5], new(default, [0, 0, 0]), new double[1]);
        // Without its base the residual model is as lost as if it were disposed itself.
        DisposeTwice(itself ? model : model.Base);
        // The residual alone does not need the base.
        string[] withoutBase = itself ? [] : ["ToNominal", "FromNominal", "LocalResponse"];
        Walk(model, typeof(FactorizableFlow<double>), [.. _harmlessOfModels, .. withoutBase], ThreeNuisances);
        if (itself)
            Walk(model.Residual, typeof(PolynomialResidual<double>), ["Settings", "ContextFeatures", "Nuisances", .. _harmlessOfTransforms], Variables);
        model.Dispose();

    }

    [Test]
    public void A_pdf()
    {
        var pdf = new Pdf<double>("e2", "t", device: _device);
        pdf.LogDensity([0.5, 0.5], new double[1]);
        DisposeTwice(pdf);
        Walk(pdf, typeof(Pdf<double>), [.. _harmlessOfModels, "Definition", "Options", "BaseColumns", "ColumnsIn", "FreshVector"]);
    }

    [Test]
    public void A_factorizable_pdf([Values] bool itself)
    {
        var model = FactorizablePdf<double>.Of(new Pdf<double>("e2", "t", device: _device), 3, ownsBase: true);
        model.LogDensity([0.5, 0.5], new(default, [0, 0, 0]), new double[1]);
        DisposeTwice(itself ? model : model.Base);
        Walk(model, typeof(FactorizablePdf<double>), _harmlessOfModels, ThreeNuisances);
        model.Dispose();
    }

    [Test]
    public void A_pdf_behind_an_encoder()
    {
        var pdf = new Pdf<double>("e2", "t", new PdfOptions { ConditionColumns = [2], NetworkSizes = ["4"] }, _device);
        var model = new ConditionalPdf<double>(new MlpEncoder<double>(2, 2, [4]), pdf);
        DisposeTwice(model);
        Walk(
            model, typeof(ConditionalPdf<double>), [.. _harmlessOfModels, "Encoder", "Head"],
            parameter => parameter.Name is "conditions" or "context" or "observations" && parameter.ParameterType != typeof(Variable<double>) ? new double[2]
                : parameter.Name == "conditions" ? _block : Argument(parameter));
    }

    [Test]
    public void A_flow_behind_an_encoder()
    {
        var flow = NeuralSplineFlow.Create<double>(new NeuralSplineFlowSettings { Features = 2, ContextFeatures = 2, HiddenSizes = [4] }, _device);
        var model = new ConditionalFlow<double>(new MlpEncoder<double>(2, 2, [4]), flow);
        DisposeTwice(model);
        Walk(
            model, typeof(ConditionalFlow<double>), [.. _harmlessOfModels, "Encoder", "Head"],
            parameter => parameter.Name is "conditions" or "context" or "observations" && parameter.ParameterType != typeof(Variable<double>) ? new double[2]
                : parameter.Name == "conditions" ? _block : Argument(parameter));
    }

    [Test]
    public void A_tape()
    {
        var other = new Tape<double>(_kernels, 2);
        other.Begin(2, record: true);
        var variable = other.Input([1, 2, 3, 4], 2);
        DisposeTwice(other);
        Walk(other, typeof(Tape<double>), ["Kernels", "Rows", "IsRecording"], parameter =>
            parameter.ParameterType == typeof(Variable<double>) ? variable : Argument(parameter));
        Walk(variable, typeof(Variable<double>), ["Tape", "IsNone"]);
    }

    [Test]
    public void Kernels_and_memory()
    {
        // Disposed kernels lend nothing any more; on memory that lives they may still compute.
        var kernels = _device.CreateKernels<double>();
        DisposeTwice(kernels);
        string[] all = [.. SurfaceCall.MethodsOf(typeof(Kernels<double>)).Select(NameOf)];
        Walk(kernels, typeof(Kernels<double>), [.. all.Except(["Allocate", "AllocateSums"])], OfTwoRows);

        // Live kernels on disposed memory.
        DisposeTwice(_memory);
        Walk(_memory, typeof(DeviceMemory<double>), ["Length"]);
        Walk(_kernels, typeof(Kernels<double>), ["Device", "Allocate", "AllocateSums"], OfTwoRows);

        object? OfTwoRows(ParameterInfo parameter) => parameter.Name == "destination" && parameter.ParameterType == typeof(Span<double>) ? new double[4] : Argument(parameter);
    }

    [Test]
    public void A_device()
    {
        var device = new CpuDevice(2);
        DisposeTwice(device);
        Walk(device, typeof(CpuDevice), ["Name", "Workers", "BlockRows", "BlockRowsFor", "SweepLength"]);
    }

    [Test]
    public void A_model_of_a_disposed_device()
    {
        var device = new CpuDevice(2);
        using var flow = Models.Spline<double>(2, 0, device);
        device.Dispose();
        // On a tape of another device the flow still computes: its numbers are there.
        string[] onTape = ["LogDensity", "ToNoise", "FromNoise"];
        Walk(flow, typeof(Flow<double>), [.. _harmlessOfModels, .. onTape]);
        Assert.That(() => flow.LogDensity([0.5, 0.5], new double[1]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_trainer([Values] bool itself)
    {
        var flow = Models.Spline<double>(2, 0, _device);
        var data = new ArrayData<double>(Models.Rows<double>(40, 2, 5), 2);
        using var trainer = new Trainer<double>(flow, data, new TrainingOptions { BatchSize = 20, Epochs = 3 }, data);
        trainer.RunStep();
        var path = Path.Combine(_folder.File("trainer.ckpt"));
        trainer.SaveCheckpoint(path);
        DisposeTwice(itself ? trainer : flow);
        Walk(
            trainer,
            typeof(Trainer<double>),
            ["BatchSize", "StepsPerEpoch", "Epochs", "Step", "CompletedEpochs", "IsFinished", "History"],
            parameter => parameter.Name == "path" ? path : Argument(parameter));
        flow.Dispose();
    }

    [Test]
    public void An_optimiser([Values] bool itself)
    {
        var flow = Models.Spline<double>(2, 0, _device);
        using var optimiser = new Optimiser<double>(flow);
        optimiser.Accumulate(-flow.LogDensity(optimiser.Begin(2).Input([0.1, 0.2, 0.3, 0.4], 2)));
        DisposeTwice(itself ? optimiser : flow);
        Walk(
            optimiser,
            typeof(Optimiser<double>),
            ["Parameters", "LearningRate", "GradientClip", "Updates", "GradientNorm", "set_LearningRate", "set_GradientClip"]);
        flow.Dispose();
    }

    [Test]
    public void Files_that_are_read_and_written_in_parts()
    {
        var path = _folder.File("rows.npy");
        var writer = new NpyWriter(path, ElementType.Float64, []);
        writer.WriteRows<double>([1, 2, 3]);
        writer.Complete();
        DisposeTwice(writer);
        Walk(writer, typeof(NpyWriter), ["ElementType", "RowLength", "RowCount"]);
        var reader = new NpyReader(path);
        DisposeTwice(reader);
        Walk(reader, typeof(NpyReader), ["ElementType", "Shape", "RowCount", "RowLength", "Row"]);
    }

    private object? ThreeNuisances(ParameterInfo parameter) => parameter.Name switch
    {
        "nuisances" or "conditions" when parameter.ParameterType == typeof(Variable<double>) => _tape.SharedRow([0.1, 0.2, 0.3]),
        "nuisances" or "conditions" => new double[3],
        _ => Argument(parameter),
    };

    [OneTimeTearDown]
    public void Everything_that_can_be_disposed_was_walked()
    {
        foreach (var type in typeof(Device).Assembly.GetExportedTypes())
        {
            // What trains several models together has no numbers of its own: it disposes of theirs.
            if (!typeof(IDisposable).IsAssignableFrom(type) || type == typeof(DensityModel<>) || _owners.Contains(type))
                continue;
            Assert.That(_walked.Select(walked => walked.IsGenericType ? walked.GetGenericTypeDefinition() : walked), Does.Contain(type));
        }
    }

    private static string NameOf(MethodInfo method) =>
        method.Name.StartsWith("get_", StringComparison.Ordinal) ? method.Name[4..] : method.Name;

    private static void DisposeTwice(IDisposable disposable)
    {
        disposable.Dispose();
        Assert.That(disposable.Dispose, Throws.Nothing);
    }

    private void Walk(object target, Type type, string[] harmless, Func<ParameterInfo, object?>? argument = null)
    {
        _walked.Add(type);
        Assert.Multiple(() =>
        {
            foreach (var method in SurfaceCall.MethodsOf(type))
            {
                var name = NameOf(method);
                // Without its ν a residual's call is refused before any number is looked at.
                if (target is PolynomialResidual<double> && name is "Forward" or "Inverse" && method.GetParameters().All(parameter => parameter.Name != "conditions"))
                    continue;
                var problem = SurfaceCall.Throws(target, method, argument ?? Argument);
                if (problem is ObjectDisposedException || (problem is null && harmless.Contains(name)))
                    continue;
                Assert.Fail($"{type.Name}.{method}: {problem?.ToString() ?? "nothing was thrown"}");
            }
        });
    }

    private object? Variables(ParameterInfo parameter) => parameter.Name switch
    {
        "nuisances" or "conditions" => _tape.SharedRow([0.1, 0.2, 0.3]),
        "context" => default(Variable<double>),
        _ => Argument(parameter),
    };

    // Arguments of one row of two features for models, and of the shapes above for kernels and tapes.
    private object? Argument(ParameterInfo parameter)
    {
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        if (type.IsByRefLike && type.IsGenericType)
        {
            var element = type.GetGenericArguments()[0];
            return element == typeof(Matrix<double>) ? (Matrix<double>[])[_matrix]
                : element == typeof(Variable<double>) ? (Variable<double>[])[_block] : Numbers(parameter.Name!);
        }

        if (type == typeof(int))
            return parameter.Name is "start" or "offset" or "at" or "contextFeatures" or "nuisances" ? 0 : parameter.Name is "rows" or "columns" or "features" ? 2 : 1;
        if (type == typeof(long))
            return parameter.Name == "length" ? 8L : 0L;
        if (type == typeof(ulong))
            return 0UL;
        if (type == typeof(double))
            return parameter.Name == "slope" ? 0.001 : 1.0;
        if (type == typeof(bool))
            return false;
        if (type == typeof(string))
            return _folder.File("any");
        if (type == typeof(int[]))
            return (int[])[0, 1];
        if (type == typeof(RandomStream))
            return new RandomStream(1);
        if (type == typeof(Device) || type == typeof(Staircase) || type == typeof(IProgress<TrainingProgress>)
            || type == typeof(TrainingOptions) || type == typeof(FlowMatchingOptions) || type == typeof(AdaptiveOptions))
        {
            return null;
        }

        if (type == typeof(Tape<double>))
            return _tape;
        if (type == typeof(Variable<double>))
            return parameter.Name is "context" or "nuisances" or "conditions" or "weights" ? default : _block;
        if (type == typeof(Matrix<double>))
            return _matrix;
        if (type == typeof(DeviceMemory<double>))
            return _memory;
        if (type == typeof(DeviceMemory<double>[]))
            return (DeviceMemory<double>[])[_memory];
        if (type == typeof(ParameterStore<double>))
            return new ParameterStore<double>(_device, [new Parameter<double>("p", 1, 2)]);
        if (type == typeof(Parameter<double>))
        {
            var own = new Parameter<double>("p", 1, 2);
            _ = new ParameterStore<double>(_device, [own]);
            return own;
        }

        if (type == typeof(Operation<double>))
            return UnaryOperation<double>.Of(UnaryFunction.Exp);
        if (type == typeof(UnaryFunction))
            return UnaryFunction.Exp;
        if (type == typeof(BinaryFunction))
            return BinaryFunction.Add;
        if (type == typeof(ConvolutionShape))
            return new ConvolutionShape(1, 1, 1, 2, 1, isPeriodic: false);
        if (type == typeof(HartleyStage))
            return new HartleyStage(1, 1, 1, 1, 0);
        if (type == typeof(SplineSettings))
            return new SplineSettings(2);
        if (type == typeof(ResidualSettings))
            return new ResidualSettings([0], [1]);
        if (type == typeof(OptimiserStep))
            return new OptimiserStep(OptimiserRule.Adam, 1, 0.1, 0.9, 0.99, 1e-8, 0, 1);
        if (type == typeof(BatchRequest))
            return new BatchRequest(BatchPurpose.Training, 0, 0, 2, 0, 2, new RandomStream(1));
        if (type == typeof(IParallelWork))
            return new NoWork();
        if (type.IsValueType)
            return Activator.CreateInstance(type);
        throw new NotSupportedException($"No argument for '{parameter.Name}' of {parameter.Member}.");
    }

    private static double[] Numbers(string name) => name switch
    {
        "context" or "nuisances" or "conditions" or "dcontext" or "dnuisances" => Array.Empty<double>(),
        "x" or "z" or "dx" or "nominal" => new double[2],
        "source" => new double[4],
        _ => new double[1],
    };

    private sealed class NoWork : IParallelWork
    {
        public void Run(int item, int worker)
        {
        }
    }
}
