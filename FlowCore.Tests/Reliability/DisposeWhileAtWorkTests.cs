using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.Tests.Flows;
using FlowCore.Tests.IO;
using FlowCore.Tests.Training;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>What is disposed while somebody uses it, or is used in ways that are no method of its own.</summary>
[TestFixture]
internal sealed class DisposeWhileAtWorkTests
{
    private const int Rows = 2000;

    private static readonly TrainingOptions _options = new() { BatchSize = 600, StepsPerEpoch = 50, Epochs = 100, EarlyStopping = null };

    private static readonly int[] _threads = [1, 2];

    [Test]
    public void An_evaluation_ends_in_order_or_with_the_error_and_never_with_other_numbers(
        [ValueSource(nameof(_threads))] int threads, [Values("model", "base", "device")] string what)
    {
        var x = Models.Rows<double>(Rows, 2, 31);
        var nuisances = Models.Rows<double>(Rows, 3, 32, 0.3);
        double[]? expected = null;
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var device = new CpuDevice(threads);
            var model = Models.Factorizable<double>(2, 0, 1, device);
            if (expected is null)
            {
                expected = new double[Rows];
                model.LogDensity(x, new(default, nuisances), expected);
            }

            var spins = 500 * repeat;
            Deadline.Run(
                () => EvaluateUntilDisposed(model, x, nuisances, expected),
                () => EvaluateUntilDisposed(model, x, nuisances, expected),
                () =>
                {
                    Thread.SpinWait(spins);
                    IDisposable disposable = what == "model" ? model : what == "base" ? model.Base : device;
                    disposable.Dispose();
                });
            model.Dispose();
            device.Dispose();
        }
    }

    [Test]
    public void A_training_ends_with_the_error([ValueSource(nameof(_threads))] int threads, [Values("model", "source", "device")] string what)
    {
        for (var repeat = 0; repeat < 5; repeat++)
        {
            var device = new CpuDevice(threads);
            var model = Models.Affine<double>(2, 0, device);
            var source = Models.Spline<double>(2, 0, device);
            var spins = 5000 * repeat;
            Deadline.Run(
                () => Assert.That(
                    () => model.Fit(new HostRows<double>(new DensityModelData<double>(source)), _options), Throws.TypeOf<ObjectDisposedException>()),
                () =>
                {
                    Thread.SpinWait(spins);
                    IDisposable disposable = what == "model" ? model : what == "source" ? source : device;
                    disposable.Dispose();
                });
            model.Dispose();
            source.Dispose();
            device.Dispose();
        }
    }

    [Test]
    public void A_trainer_that_is_disposed_at_work_ends_with_the_error([ValueSource(nameof(_threads))] int threads, [Values] bool fromCallback)
    {
        using var device = new CpuDevice(threads);
        using var model = Models.Affine<double>(2, 0, device);
        var trainer = new Trainer<double>(model, new NormalRows<double>(2), _options);
        using var begun = new ManualResetEventSlim();
        Deadline.Run(
            () => Assert.That(
                () => trainer.Run(new ProgressAction(p =>
                {
                    begun.Set();
                    if (fromCallback && p.Step == 3)
                        trainer.Dispose();
                })),
                Throws.TypeOf<ObjectDisposedException>()),
            () =>
            {
                begun.Wait();
                if (!fromCallback)
                    trainer.Dispose();
            });
        Assert.That(trainer.RunStep, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_model_may_be_disposed_by_what_it_calls([ValueSource(nameof(_threads))] int threads)
    {
        using var device = new CpuDevice(threads);
        var model = Models.Affine<double>(2, 0, device);
        Deadline.Run(() => Assert.That(
            () => model.Fit(new NormalRows<double>(2), _options, objective: new DistillationObjective((_, _) => model.Dispose())),
            Throws.TypeOf<ObjectDisposedException>()));
    }

    [Test]
    public void A_device_may_be_disposed_by_an_item_of_its_work([ValueSource(nameof(_threads))] int threads)
    {
        var device = new CpuDevice(threads);
        var work = new DisposingWork(device);
        // The items still run to their end; what comes afterwards is an error.
        Deadline.Run(() => device.Run(work, 20));
        Assert.That(work.Runs, Is.EqualTo(20));
        Assert.That(() => device.Run(work, 1), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Numbers_that_somebody_still_holds_stay_numbers()
    {
        var model = Models.Affine<double>(2, 0);
        var values = model.Parameters.Parameters[0].Values;
        var before = values.ToArray();
        model.Dispose();
        // Were the memory freed, others would get it.
        for (var i = 0; i < 100; i++)
        {
            using var other = Models.Affine<double>(2, 0);
            GC.Collect();
        }

        Assert.That(values.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Saving_converting_describing_and_fitting_a_disposed_model_is_the_error()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.safetensors");
        var flow = Models.Spline<double>(2, 0);
        flow.Dispose();
        var residual = Models.Factorizable<double>(2, 0, 1);
        residual.Base.Dispose();
        var data = new ArrayData<double>(Models.Rows<double>(40, 2, 33), 2);
        var learnable = new Flow<double>(new DiagonalNormal<double>([0], [1], learnable: true), new FlowCore.Transforms.Elementwise<double>(new FlowCore.Transforms.Affine<double>(), 1, "a"));
        learnable.Dispose();
        Assert.Multiple(() =>
        {
            Disposed(() => { flow.Save(path); return flow; });
            Disposed(() => ModelFile.ToArchive(flow));
            Disposed(() => StateDictionary.Write(flow));
            Disposed(() => flow.ConvertTo<float>());
            Disposed(() => flow.Transform.ConvertTo<float>());
            Disposed(() => flow.Fit(data));
            Disposed(() => flow.Fit((ITrainingData<double>)data, _options with { StepsPerEpoch = null }));
            Disposed(() => flow.Fit(new NormalRows<double>(2), _options));
            Disposed(() => new Trainer<double>(flow, data));
            Disposed(() => { residual.Save(path); return residual; });
            Disposed(() => StateDictionary.Write(residual));
            Disposed(() => residual.ConvertTo<float>());
            Disposed(() => residual.Fit(new NormalRows<double>(2, 0, 3), _options));
            Disposed(() => ((DiagonalNormal<double>)learnable.Base).Location);
            Disposed(() => learnable.Base.ConvertTo<float>());
        });
        Assert.That(File.Exists(path), Is.False);
        residual.Dispose();

        static void Disposed(Func<object> use) => Assert.That(() => use(), Throws.TypeOf<ObjectDisposedException>());
    }

    private static void EvaluateUntilDisposed(DensityModel<double> model, double[] x, double[] nuisances, double[] expected)
    {
        var density = new double[Rows];
        while (true)
        {
            try
            {
                model.LogDensity(x, new(default, nuisances), density);
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            Assert.That(density, Is.EqualTo(expected));
        }
    }

    private sealed class DisposingWork(CpuDevice device) : IParallelWork
    {
        private int _runs;

        public int Runs => _runs;

        public void Run(int item, int worker)
        {
            Interlocked.Increment(ref _runs);
            if (item == 3)
                device.Dispose();
        }
    }
}
