using System.Numerics.Tensors;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class TrainingWarningTests
{
    private const int Count = 1000;
    private static readonly TrainingOptions _short = new() { Epochs = 1, Warn = null };

    [TestCaseSource(typeof(ToyDensity), nameof(ToyDensity.Names))]
    public void A_good_fit_gives_no_warning(string name)
    {
        var rows = ToyDensity.Rows(name, 2000, seed: 1);
        using var flow = Spline(LocationScale.FromData<double>(rows, 2));
        var said = new List<TrainingWarning>();
        var options = new TrainingOptions { Epochs = 25, BatchSize = 200, Optimiser = OptimiserSettings.AdamW(1e-2), Warn = said.Add };
        var result = flow.Fit(Tensor.Create(rows, [2000, 2]), options: options);
        Assert.That(result.Warnings, Is.Empty);
        Assert.That(said, Is.Empty);
    }

    [Test]
    public void Rows_beyond_the_bound_are_counted_before_and_after_standardisation()
    {
        var rows = Normal(20);
        var warning = Single(rows, Spline());
        Assert.That(warning.Kind, Is.EqualTo(TrainingWarningKind.BeyondBound));
        Assert.That(warning.Feature, Is.EqualTo(1));

        // Four fifths of N(0, 20²) lie beyond ±5, of N(0, 1) none of a thousand.
        Assert.That(warning.Text, Does.Contain("bound of 5").And.Contain("it would be 0 %").And.Contain("give the flow a standardization"));
        Assert.That(double.Parse(warning.Text.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(80).Within(5));
    }

    [Test]
    public void Tails_that_no_standardisation_tames_are_named()
    {
        // e^(2 a): a log-normal density.
        var rows = Normal(1);
        for (var i = 1; i < rows.Length; i += 2)
            rows[i] = Math.Exp(1.5 * rows[i]);
        var warning = Single(rows, Spline(LocationScale.FromData<double>(rows, 2)));
        Assert.That((warning.Kind, warning.Feature), Is.EqualTo((TrainingWarningKind.BeyondBound, 1)));
        Assert.That(warning.Text, Does.Contain("standardised").And.Contain("as they are").And.Contain("logarithm"));
    }

    [Test]
    public void A_feature_far_from_order_one_is_named_where_nothing_standardises()
    {
        var warning = Single(Normal(0.001), Spline());
        Assert.That((warning.Kind, warning.Feature), Is.EqualTo((TrainingWarningKind.FeatureScale, 1)));
        Assert.That(Warnings(Normal(0.001), Spline(LocationScale.FromData<double>(Normal(0.001), 2))), Is.Empty);
    }

    [Test]
    public void A_layer_that_starts_from_no_data_standardises_nothing()
    {
        foreach (var first in new Transform<double>[] { new Elementwise<double>(new Affine<double>(), 2, "map"), new DenseLinear<double>(2, "map"), ElementwiseSpline() })
        {
            var warning = Single(Normal(0.001), On(first));
            Assert.That((warning.Kind, warning.Feature), Is.EqualTo((TrainingWarningKind.FeatureScale, 1)), first.GetType().Name);
        }

        Assert.That(Single(Normal(20), On(ElementwiseSpline())).Kind, Is.EqualTo(TrainingWarningKind.BeyondBound));
        Assert.That(Warnings(Normal(0.001), On(new DenseLinear<double>(2, "map", startsFromData: true))), Is.Empty);

        static Elementwise<double> ElementwiseSpline() => new(new RationalQuadraticSpline<double>(new SplineSettings(5)), 2, "map");

        static Flow<double> On(Transform<double> first) => new(new StandardNormal<double>(2), first);
    }

    [Test]
    public void Values_that_many_rows_share_are_named()
    {
        var rows = Normal(1);
        for (var i = 1; i < rows.Length; i += 2)
            rows[i] = Math.Round(2 * rows[i]);
        var warning = Single(rows, Spline());
        Assert.That((warning.Kind, warning.Feature), Is.EqualTo((TrainingWarningKind.RepeatedValues, 1)));
        Assert.That(warning.Text, Does.Contain("whole numbers"));

        // Rounded to what no flow can resolve it does no harm.
        for (var i = 1; i < rows.Length; i += 2)
            rows[i] = Math.Round(Normal(1)[i], 3);
        Assert.That(Warnings(rows, Spline()), Is.Empty);

        // Cut off at 0: half of the rows share a value.
        for (var i = 1; i < rows.Length; i += 2)
            rows[i] = Math.Max(rows[i], 0);
        Assert.That(Single(rows, Spline()).Text, Does.Contain("the value 0"));
    }

    [Test]
    public void A_constant_feature_is_named_though_its_mean_is_rounded([Values] bool isExact)
    {
        var rows = Normal(1);
        for (var i = 1; i < rows.Length; i += 2)
            rows[i] = isExact || i % 4 == 1 ? 0.3 : 0.1 + 0.2;
        var numbers = LocationScale.FromData<double>(rows, 2);
        Assert.That(numbers.Scale[1], Is.EqualTo(1));
        using var flow = Spline(numbers);
        var density = new double[Count];
        flow.LogDensity(rows, density);

        // At the mean of the constant feature the density is that of two standard normals, as the deviation of the first says.
        Assert.That(density.Max(), Is.LessThan(0.2 - Math.Log(2 * Math.PI) - Math.Log(numbers.Scale[0])));
        Assert.That(density.Min(), Is.GreaterThan(-20));
        var warning = Single(rows, Spline(numbers));
        Assert.That((warning.Kind, warning.Feature), Is.EqualTo((TrainingWarningKind.ConstantFeature, 1)));
    }

    [Test]
    public void An_outlier_that_crushes_the_rest_is_named_with_its_row([Values] bool isStandardised)
    {
        var rows = Normal(1);
        rows[(2 * 321) + 1] = 1e6;
        var warning = Single(rows, isStandardised ? Spline(LocationScale.FromData<double>(rows, 2)) : Spline());
        Assert.That((warning.Kind, warning.Feature, warning.Row), Is.EqualTo((TrainingWarningKind.Outlier, (int?)1, (long?)321)));
    }

    [Test]
    public void A_context_far_from_order_one_is_named()
    {
        var context = new double[Count];
        new RandomStream(3).FillNormal<double>(context);
        Assert.That(Fit(100, 1).Select(w => (w.Kind, w.Feature)), Is.EqualTo(new[] { (TrainingWarningKind.ContextScale, (int?)0) }));
        Assert.That(Fit(0, 100).Select(w => w.Kind), Is.EqualTo(new[] { TrainingWarningKind.ContextScale }));
        Assert.That(Fit(0, 1), Is.Empty);

        IReadOnlyList<TrainingWarning> Fit(double location, double scale)
        {
            using var flow = NeuralSplineFlow.Create<double>(Small() with { ContextFeatures = 1 });
            return flow.Fit(
                Tensor.Create(Normal(1), [Count, 2]), Tensor.Create(context.Select(c => location + (scale * c)).ToArray(), [Count, 1]), options: _short).Warnings;
        }
    }

    [Test]
    public void More_parameters_than_rows_are_named_where_nothing_is_held_out()
    {
        var rows = Tensor.Create(Normal(1), [Count, 2]);
        using var large = NeuralSplineFlow.Create<double>(2);
        Assert.That(
            large.Fit(rows, options: _short with { ValidationFraction = 0 }).Warnings.Select(w => w.Kind), Is.EqualTo(new[] { TrainingWarningKind.FewRows }));
        Assert.That(large.Fit(rows, options: _short).Warnings, Is.Empty, "the validation watches");
    }

    [Test]
    public void Rows_that_were_learned_by_heart_are_seen_in_the_validation()
    {
        // 40 rows of six features and a step that is too large: no epoch is any good on the others.
        var (x, held) = (new double[240], new double[2400]);
        new RandomStream(1).FillNormal<double>(x);
        new RandomStream(2).FillNormal<double>(held);
        using var flow = NeuralSplineFlow.Create<double>(Small() with { Features = 6, HiddenSizes = [64, 64] });
        var options = new TrainingOptions { Epochs = 40, EarlyStopping = null, ValidationResolution = 1e9, Warn = null, Optimiser = OptimiserSettings.Adam(0.01) };
        var result = flow.Fit(new ArrayData<double>(x, 6), options, new ArrayData<double>(held, 6));
        Assert.That(result.Warnings.Select(w => w.Kind), Does.Contain(TrainingWarningKind.FewRows));
        Assert.That(result.Warnings[^1].Text, Does.Contain("40 rows"));
    }

    [Test]
    public void A_loss_that_is_still_falling_is_named_and_one_that_has_settled_is_not()
    {
        Assert.That(Fit(0.002).Select(w => w.Kind), Is.EqualTo(new[] { TrainingWarningKind.StillImproving }));
        Assert.That(Fit(0.1), Is.Empty);

        static IReadOnlyList<TrainingWarning> Fit(double rate)
        {
            using var model = new ShiftScaleModel(Device.Cpu);
            var rows = Normal(1);
            for (var i = 0; i < rows.Length; i++)
                rows[i] += 2.5;
            var options = new TrainingOptions { Epochs = 20, Optimiser = OptimiserSettings.Adam(rate), Schedule = new ConstantSchedule(), Warn = null };
            return model.Fit(Tensor.Create(rows, [Count, 2]), options: options).Warnings;
        }
    }

    [Test]
    public void A_residual_that_has_learned_nothing_is_named_and_one_that_has_is_not()
    {
        // Templates at ν = −1 and 1 shift N(0, 1) by 0.8 ν: the base misses ½ 0.8² = 0.32 nats a row.
        var rows = new double[Count];
        new RandomStream(5).FillNormal<double>(rows);
        var nuisances = new double[Count];
        for (var i = 0; i < Count; i++)
            rows[i] += 0.8 * (nuisances[i] = i % 2 == 0 ? 1 : -1);
        var said = Fit(1e-6);
        Assert.That(said.Select(w => w.Kind), Is.EqualTo(new[] { TrainingWarningKind.NoResponse }));

        // The means of 50 validation rows a template are known to 0.14: a tenth of a nat.
        var found = said[0].Text.Split("at least ")[1].Split(' ')[0];
        Assert.That(double.Parse(found, System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(0.32).Within(0.2));
        Assert.That(Fit(0.03), Is.Empty);

        IReadOnlyList<TrainingWarning> Fit(double rate)
        {
            using var nominal = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new Affine<double>(), 1, "nominal"));
            var settings = new PolynomialResidualSettings { Features = 1, Nuisances = 1, HiddenSizes = [8] };
            using var model = new FactorizableFlow<double>(nominal, new PolynomialResidual<double>(settings));
            var options = new TrainingOptions { Epochs = 8, BatchSize = 100, Optimiser = OptimiserSettings.Adam(rate), Warn = null };
            return model.Fit(Tensor.Create(rows, [Count, 1]), nuisances: Tensor.Create(nuisances, [Count, 1]), options: options).Warnings;
        }
    }

    [Test]
    public void A_warning_is_printed_unless_silenced_and_stands_in_result_and_history()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("history.jsonl");
        var rows = Normal(1);
        rows[(2 * 321) + 1] = 1e6;
        using var flow = Spline();
        var error = Console.Error;
        using var captured = new StringWriter();
        try
        {
            Console.SetError(captured);
            var result = flow.Fit(Tensor.Create(rows, [Count, 2]), options: _short with { Warn = new TrainingOptions().Warn, HistoryPath = path });
            Assert.That(captured.ToString(), Is.EqualTo($"Warning: {result.Warnings[0]}{Environment.NewLine}"));
            Assert.That(TrainingHistory.Read(path).Warnings, Is.EqualTo(result.Warnings));
            Assert.That(File.ReadAllLines(path)[1], Does.Contain("\"type\":\"warning\"").And.Contain("\"row\":321"));
            flow.Fit(Tensor.Create(rows, [Count, 2]), options: _short);
            Assert.That(captured.ToString().Split("Warning").Length, Is.EqualTo(2), "silence");
        }
        finally
        {
            Console.SetError(error);
        }
    }

    private static NeuralSplineFlowSettings Small() => new() { Features = 2, Transforms = 2, HiddenSizes = [16], Bins = 8 };

    private static Flow<double> Spline(LocationScale? numbers = null) => NeuralSplineFlow.Create<double>(Small() with { Standardization = numbers });

    private static double[] Normal(double scale)
    {
        var rows = new double[2 * Count];
        new RandomStream(4).FillNormal<double>(rows);
        for (var i = 1; i < rows.Length; i += 2)
            rows[i] *= scale;
        return rows;
    }

    private static IReadOnlyList<TrainingWarning> Warnings(double[] rows, Flow<double> flow)
    {
        using (flow)
            return flow.Fit(Tensor.Create(rows, [rows.Length / 2, 2]), options: _short).Warnings;
    }

    private static TrainingWarning Single(double[] rows, Flow<double> flow)
    {
        var warnings = Warnings(rows, flow);
        Assert.That(warnings, Has.Count.EqualTo(1), string.Join("; ", warnings));
        return warnings[0];
    }
}
