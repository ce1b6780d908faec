using FlowCore.Distributions;
using FlowCore.Gpu;
using FlowCore.Tests.Flows;
using FlowCore.Tests.Reliability;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Calls within calls, and use after the end, on an accelerator.</summary>
[TestFixture]
internal sealed class EmulatedReliabilityTests
{
    private const int Rows = 48;

    private static readonly TrainingOptions _options = new()
    {
        BatchSize = Rows,
        Epochs = 2,
        Optimiser = OptimiserSettings.AdamW(0.02),
        EarlyStopping = null,
        RestoreBest = false,
    };

    [Test]
    public void Weights_that_the_source_asks_a_model_of_the_device_for_are_those_computed_before()
    {
        // Two blocks.
        using var device = GpuDevice.Emulated(new GpuDeviceOptions { BlockRows = 32 });
        using var teacher = Models.Affine<double>(2, 0, device);
        var x = Models.Rows<double>(Rows, 2, 41);
        var weights = new double[Rows];
        teacher.LogDensity(x, weights);
        ImportanceRows.ToWeights(weights);
        var expected = Fitted(new ArrayData<double>(x, 2, weights: weights));
        Deadline.Run(() => Assert.That(Fitted(new ImportanceRows(new ArrayData<double>(x, 2), teacher)), Is.EqualTo(expected)));

        double[] Fitted(ITrainingData<double> data)
        {
            using var model = Models.Affine<double>(2, 0, device);
            model.Fit(data, _options);
            return [.. model.Parameters.Parameters.SelectMany(parameter =>
            {
                var numbers = new double[parameter.Length];
                parameter.Read(numbers);
                return numbers;
            })];
        }
    }

    [Test]
    public void What_is_disposed_is_the_error([Values] bool device)
    {
        var own = GpuDevice.Emulated();
        var model = Models.Affine<double>(2, 0, own);
        var density = new double[1];
        model.LogDensity([0.5, 0.5], density);
        IDisposable disposable = device ? own : model;
        disposable.Dispose();
        disposable.Dispose();
        var parameter = model.Parameters.Parameters[0];
        Assert.Multiple(() =>
        {
            Disposed(() => model.LogDensity([0.5, 0.5], density));
            Disposed(() => model.Sample(3, 1));
            Disposed(() => parameter.Read(new double[parameter.Length]));
            Disposed(() => parameter.Write(new double[parameter.Length]));
            Disposed(() => model.ConvertTo<float>(FlowCore.Compute.Device.Cpu));
            Disposed(() => model.Fit(new ArrayData<double>(Models.Rows<double>(Rows, 2, 42), 2), _options));
        });
        model.Dispose();
        own.Dispose();

        static void Disposed(Action action) => Assert.That(action, Throws.TypeOf<ObjectDisposedException>());
    }
}
