using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class OutsideRowsTests
{
    private const int Count = 700;
    private static readonly int[] _outside = [3, 298, 699];

    [Test]
    public void Rows_outside_the_support_are_left_out_of_the_mean_and_counted()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("history.jsonl");
        var all = Rows();
        var inside = all.Where((_, i) => !_outside.Contains(i)).ToArray();
        var options = new TrainingOptions { BatchSize = Count, Epochs = 5, Warn = null, Optimiser = OptimiserSettings.Adam(0.05) };
        using var with = Model(Device.Cpu);
        using var without = Model(Device.Cpu);
        var reports = new List<TrainingProgress>();
        var a = with.Fit(Data(all), options with { HistoryPath = path }, Data(all), objective: null, progress: new ProgressAction(reports.Add));
        var b = without.Fit(Data(inside), options, Data(inside), objective: null);

        // The same 697 terms, cut into blocks otherwise: some tens of roundings, five times through Adam.
        Assert.That(Weights(with), Is.EqualTo(Weights(without)).Within(1e-11));
        Assert.That(a.TrainLoss, Is.EqualTo(b.TrainLoss).Within(1e-12));
        Assert.That(a.ValidationLoss, Is.EqualTo(b.ValidationLoss).Within(1e-12));
        Assert.Multiple(() =>
        {
            Assert.That((a.OutsideRows, a.ValidationOutsideRows), Is.EqualTo((3L, 3L)));
            Assert.That((b.OutsideRows, b.ValidationOutsideRows), Is.EqualTo((0L, 0L)));
            Assert.That(reports[^1].OutsideRows, Is.EqualTo(3));
            Assert.That(TrainingConsole.Describe(reports[^1]), Does.EndWith("3 rows outside"));
            Assert.That(a.Warnings.Select(w => w.Kind), Is.EqualTo(new[] { TrainingWarningKind.OutsideRows }));
            Assert.That(b.Warnings, Is.Empty);
            Assert.That(TrainingHistory.Read(path).Epochs[4], Is.EqualTo(a.History.Epochs[4]));
        });
    }

    [Test]
    public void Threads_and_interruptions_change_no_bit_of_a_run_with_rows_outside()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions { BatchSize = 300, Epochs = 4, Warn = null, Optimiser = OptimiserSettings.Adam(0.05) };
        var (expected, history) = Train(1, options, int.MaxValue);
        Assert.That(Train(2, options, int.MaxValue).Weights, Is.EqualTo(expected), "two threads");
        var saved = options with { CheckpointPath = folder.File("run.ckpt") };
        Train(2, saved, stopAt: 4);
        var (weights, again) = Train(1, saved with { Resume = true }, int.MaxValue);
        Assert.That(weights, Is.EqualTo(expected), "resumed");
        Assert.That(again, Is.EqualTo(history).And.All.EqualTo(3));

        static (double[] Weights, long[] Outside) Train(int threads, TrainingOptions options, int stopAt)
        {
            using var device = new CpuDevice(threads);
            using var model = Model(device);
            using var stop = new CancellationTokenSource();
            var result = model.Fit(Data(Rows()), options, Data(Rows()), progress: new ProgressAction(p =>
            {
                if (p.Step >= stopAt)
                    stop.Cancel();
            }), cancellationToken: stop.Token);
            return (Weights(model), [.. result.History.Epochs.Select(epoch => epoch.OutsideRows)]);
        }
    }

    [Test]
    public void A_batch_without_a_row_inside_is_an_error_that_says_so()
    {
        using var model = Model(Device.Cpu);
        var options = new TrainingOptions { Epochs = 1, Warn = null };
        Assert.That(
            () => model.Fit(Data([7, 8, 9]), options, validation: null),
            Throws.InstanceOf<TrainingDivergedException>().With.Message.Contains("no row of a weight lies inside the support").And.Message.Contains("step 0"));
        Assert.That(
            () => model.Fit(Data(Rows()), options, Data([7, 8])),
            Throws.InstanceOf<TrainingDivergedException>().With.Message.Contains("no row of a weight lies inside the support").And.Message.Contains("validation"));
    }

    [Test]
    public void A_row_outside_without_weight_is_no_row()
    {
        using var model = Model(Device.Cpu);
        var result = model.Fit(
            new ArrayData<double>(new[] { 0.5, 9, -1 }, 1, weights: new[] { 1.0, 0, 1 }), new TrainingOptions { Epochs = 1, Warn = null }, validation: null, objective: null);
        Assert.That(result.OutsideRows, Is.Zero);
        Assert.That(result.TrainLoss, Is.EqualTo(Math.Log(6)).Within(1e-12), "uniform in (−3, 3), before the first update");
    }

    [Test]
    public void A_loss_that_is_no_number_is_still_an_error_and_names_the_row_of_the_data()
    {
        using var model = new ShiftScaleModel(Device.Cpu, 1);
        var rows = Rows();
        rows[123] = 1e200;
        var caught = Assert.Throws<TrainingDivergedException>(() => model.Fit(
            new ArrayData<double>(rows, 1), new TrainingOptions { BatchSize = 256, Epochs = 1, Warn = null }, validation: null, objective: new NotANumber()))!;
        Assert.That(caught.DataRows, Is.EqualTo(new[] { 123L }));
        Assert.That(caught.Message, Does.Contain("row 123 of the data"));
    }

    private static Flow<double> Model(Device device)
    {
        var settings = new SplineSettings(6, 3) { Tails = SplineTails.None, Ends = SplineEnds.Free };
        return new Flow<double>(new UniformBox<double>([-3], [3]), new Elementwise<double>(new RationalQuadraticSpline<double>(settings), 1, "spline"), device);
    }

    private static ArrayData<double> Data(double[] rows) => new ArrayData<double>(rows, 1);

    private static double[] Rows()
    {
        var rows = new double[Count];
        new RandomStream(1).FillNormal<double>(rows);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = _outside.Contains(i) ? 5 : Math.Clamp(rows[i], -2.9, 2.9);
        return rows;
    }

    private static double[] Weights(DensityModel<double> model) => [.. model.Parameters.Parameters.SelectMany(parameter => parameter.Values.ToArray())];

    private sealed class NotANumber : IObjective<double>
    {
        // 0 · ∞ where x² overflows.
        public Variable<double> RowLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions) =>
            (x.Square() * 0.0) - model.LogDensity(x, conditions);
    }
}
