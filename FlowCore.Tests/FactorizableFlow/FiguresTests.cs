using FactorizableFlow.Configuration;
using FactorizableFlow.Dataset;
using FactorizableFlow.Figures;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.IO;
using FlowCore.Tests.Plotting;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class FiguresTests
{
    private static readonly string[] _datasetNames = ["ds_x_2d", "ds_x_1d", "ds_y_2d", "ds_y_1d", "ds_y_xbinned", "ds_stacked_x", "ds_stacked_y"];

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(3000)]
    public void Figures_of_a_data_set_of_any_size_are_sound(int events)
    {
        var data = ToyDataset.Generate(GeneratorSettings.Study, events, 1, 1, _ => { }, default);
        var figures = DatasetFigures.Create(data, GeneratorSettings.Study);
        Assert.That(figures.Select(figure => figure.Name), Is.EqualTo(_datasetNames));
        AreSound(figures);
        AreSound(DatasetFigures.Create(data, null));
    }

    [Test]
    public void A_data_set_with_one_class_equal_events_or_numbers_that_are_none_is_drawn()
    {
        AreSound(DatasetFigures.Create(Data(500, _ => 0, i => i % 7, i => i), null));
        AreSound(DatasetFigures.Create(Data(500, i => i % 2, _ => 1, _ => 1), GeneratorSettings.Study));
        AreSound(DatasetFigures.Create(Data(2000, i => i % 2, i => i % 3 == 0 ? float.NaN : i, _ => float.NaN), null));
        AreSound(DatasetFigures.Create(Data(2000, i => i % 2, i => i % 5 == 0 ? float.PositiveInfinity : 1e30f * i, i => -i), null));
    }

    [Test]
    public void A_distorted_or_logistic_truth_is_drawn_where_it_has_a_closed_form()
    {
        var distorted = GeneratorSettings.Study with { DistortionStrength = 0.5 };
        var logistic = GeneratorSettings.Study with { SigmoidY = true };
        foreach (var settings in new[] { distorted, logistic })
            AreSound(DatasetFigures.Create(ToyDataset.Generate(settings, 2000, 1, 1, _ => { }, default), settings));
    }

    [Test]
    public void Figures_of_a_base_flow_have_the_names_of_the_study_and_are_sound()
    {
        using var models = new FiguresModels();
        var kin = BaseFigures.Create(models.Base(Sector.Kinematic), 1500, 1);
        Assert.That(kin.Select(figure => figure.Name), Is.EqualTo(new[] { "val_kin_2d", "val_kin_1d_marginals", "val_kin_logprob" }));
        AreSound(kin);
        var score = BaseFigures.Create(models.Base(Sector.Score), 1500, 1);
        Assert.That(
            score.Select(figure => figure.Name),
            Is.EqualTo(new[] { "val_score_2d_global", "val_score_2d_contours_x1binned", "val_score_1d_marginals", "val_score_x1_binned", "val_score_logprob" }));
        AreSound(score);
    }

    [Test]
    public void Figures_of_a_base_flow_are_sound_with_a_single_event_and_without_a_closed_form()
    {
        using var models = new FiguresModels();
        AreSound(BaseFigures.Create(models.Base(Sector.Kinematic), 1, 1));
        AreSound(BaseFigures.Create(models.Base(Sector.Score), 1, 1));
        AreSound(BaseFigures.Create(models.Base(Sector.Score, GeneratorSettings.Study with { DistortionStrength = 0.5 }), 500, 1));
    }

    [Test]
    public void Figures_of_a_residual_have_the_names_of_the_study_and_are_sound()
    {
        using var models = new FiguresModels();
        var kin = SystematicsFigures.Create(models.Residual(Sector.Kinematic), FiguresModels.Templates, 800, 1);
        Assert.That(
            kin.Select(figure => figure.Name),
            Is.EqualTo(new[]
            {
                "val_sys_kin_central", "val_sys_kin_generator_shift_up", "val_sys_kin_generator_squeeze_down", "val_sys_kin_1d_marginals", "val_sys_mean_x_vs_m", "val_sys_std_x_vs_m",
            }));
        AreSound(kin);
        var score = SystematicsFigures.Create(models.Residual(Sector.Score), FiguresModels.Templates, 800, 1);
        Assert.That(score.Select(figure => figure.Name).TakeLast(3), Is.EqualTo(new[] { "val_sys_score_1d_marginals", "val_sys_score_mean_y_vs_m", "val_sys_score_std_y_vs_m" }));
        AreSound(score);
        AreSound(SystematicsFigures.Create(models.Residual(Sector.Score), FiguresModels.Templates, 1, 1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Figures_of_what_a_residual_does_are_sound_in_both_directions(bool isForward)
    {
        using var models = new FiguresModels();
        var options = ResidualFigureOptions.Default with { IsForward = isForward, Cells = 30, Value = 0.5 };
        var kin = ResidualFigures.Create(models.Residual(Sector.Kinematic), options);
        Assert.That(
            kin.Select(figure => figure.Name),
            Is.EqualTo(new[]
            {
                "residual_kin_response", "residual_kin_field_nup0.5", "residual_kin_field_num0.5", "residual_kin_crossterm_x1_classA",
                "residual_kin_crossterm_x1_classB", "residual_kin_crossterm_x2_classA", "residual_kin_crossterm_x2_classB",
            }));
        AreSound(kin);
        var score = ResidualFigures.Create(models.Residual(Sector.Score, hasCrossTerm: false), options with { ResponseFeatures = [1] });
        Assert.That(
            score.Select(figure => figure.Name),
            Is.EqualTo(new[]
            {
                "residual_score_x0_response", "residual_score_x0_field_nup0.5", "residual_score_x0_field_num0.5", "residual_score_x0_crossterm_y2_classA", "residual_score_x0_crossterm_y2_classB",
                "residual_score_x1_response", "residual_score_x1_field_nup0.5", "residual_score_x1_field_num0.5", "residual_score_x1_crossterm_y2_classA", "residual_score_x1_crossterm_y2_classB",
            }));
        Assert.That(score[^1].Caption, Does.Contain("no term in two nuisances"));
        AreSound(score);
        Assert.That(ResidualFigures.Create(models.Residual(Sector.Score), options with { HasCrossTerms = false }), Has.Count.EqualTo(6));
    }

    // The number in a name is written as Python's format g writes it; with a single point x the score's names carry none.
    [TestCase(1, "1")]
    [TestCase(0.25, "0.25")]
    [TestCase(0.0012345678, "0.00123457")]
    [TestCase(100, "100")]
    public void A_field_is_named_by_its_nuisance(double value, string written)
    {
        using var models = new FiguresModels();
        var options = ResidualFigureOptions.Default with { Value = value, Cells = 20, ScoreX = [new(1.5, 0)], HasCrossTerms = false };
        Assert.That(
            ResidualFigures.Create(models.Residual(Sector.Score), options).Select(figure => figure.Name),
            Is.EqualTo(new[] { "residual_score_response", $"residual_score_field_nup{written}", $"residual_score_field_num{written}" }));
    }

    [Test]
    public void The_response_of_the_inverse_map_undoes_the_map()
    {
        using var models = new FiguresModels();
        var model = models.Residual(Sector.Kinematic);
        var probe = new ResidualProbe((FlowCore.Factorizable.FactorizableFlow<float>)model.Model, model.Sector, 1, default);
        var point = new Point2(0.3, -0.2);
        float[] nu = [0.8f, -0.5f];
        (var logScale, var shift) = probe.Response(point, [nu], isForward: false);
        var image = probe.Map([point], nu, isForward: false)[0];
        // Both sides come from the same float network; what they differ by is rounding of numbers of order 1.
        Assert.That((Math.Exp(logScale[0][0]) * point.First) + shift[0][0], Is.EqualTo(image.First).Within(1e-5));
        Assert.That((Math.Exp(logScale[1][0]) * point.Second) + shift[1][0], Is.EqualTo(image.Second).Within(1e-5));
    }

    [Test]
    public void The_triangular_map_turns_one_truth_into_the_other()
    {
        var nominal = new ToyTruth(GeneratorSettings.Study);
        var moved = new ToyTruth(GeneratorSettings.Study with { VariationShift = 0.7, VariationRotation = 1.1, VariationSqueeze = -0.4 });
        for (var label = 0; label < 2; label++)
        {
            var map = TriangularMap.Between(TriangularGaussian.OfX(nominal, label), TriangularGaussian.OfX(moved, label));
            foreach (var point in new[] { new Point2(0, 0), new Point2(-1.2, 0.6), new Point2(2, -1) })
            {
                var image = map.Apply(point);
                var volume = map.LogScale(0) + map.LogScale(1);
                // Densities of order 1 in double: a few hundred roundings.
                Assert.That(moved.LogDensityX(image.First, image.Second, label) + volume, Is.EqualTo(nominal.LogDensityX(point.First, point.Second, label)).Within(1e-12));
            }
        }
    }

    [Test]
    public void The_mixture_over_x_is_a_density_with_the_moments_it_says()
    {
        var mixture = TruthMixture.Of(new ToyTruth(GeneratorSettings.Study.At(1, -1)), 0);
        double total = 0, mean = 0, second = 0;
        const double step = 0.01;
        for (double y = -12; y < 12; y += step)
        {
            var mass = step * mixture.Marginal(1, y);
            total += mass;
            mean += mass * y;
            second += mass * y * y;
        }

        // The sum is a trapezoid of a smooth function that vanishes at both ends: exact to rounding, but for the tails beyond 12.
        Assert.That(total, Is.EqualTo(1).Within(1e-6));
        Assert.That(mean, Is.EqualTo(mixture.Moments(1).Mean).Within(1e-5));
        Assert.That(Math.Sqrt(second - (mean * mean)), Is.EqualTo(mixture.Moments(1).Deviation).Within(1e-4));
    }

    [Test]
    public void The_entropy_is_what_events_have_on_average()
    {
        var generator = new ToyGenerator(GeneratorSettings.Study);
        Assert.That(TruthEntropy.Of(Sector.Kinematic, [GeneratorSettings.Study])!.Mean, Is.EqualTo(generator.Truth.EntropyX).Within(1e-12));
        var score = TruthEntropy.Of(Sector.Score, [GeneratorSettings.Study])!;
        const int events = 100_000;
        var y = new float[2 * events];
        var context = new float[4 * events];
        generator.FillScore<float>(new FlowCore.Random.RandomStream(5), 0, events, y, context);
        double[] loss = [.. Enumerable.Range(0, events).Select(i => -generator.Truth.LogDensityY(y[2 * i], y[(2 * i) + 1], context[(4 * i) + 2], context[(4 * i) + 3], (int)context[(4 * i) + 1]))];
        var mean = loss.Average();
        var deviation = Math.Sqrt(loss.Average(value => (value - mean) * (value - mean)));
        // Five standard errors of the mean, of a deviation of about 1.
        Assert.That(score.Mean, Is.EqualTo(mean).Within(5 * deviation / Math.Sqrt(events)));
        Assert.That(score.Deviation, Is.EqualTo(deviation).Within(0.03));
        Assert.That(TruthEntropy.Of(Sector.Score, [GeneratorSettings.Study with { SigmoidY = true }]), Is.Null);
    }

    [Test]
    public void A_score_whose_training_draws_x_more_widely_has_a_line_of_its_own_for_the_training_loss()
    {
        SystematicTemplate[] nominal = [new("generator", GeneratorSettings.Study, [])];
        var truth = TruthEntropy.Of(Sector.Score, [nominal[0].Generator])!;
        var widened = ContextWidening.Apply(nominal, 2);
        var training = TruthEntropy.Of(Sector.Score, [.. widened.Select(template => template.Generator)])!;
        // The mean training loss of the last ten epochs in the shipped score's history: ten million events with a deviation of 1.04,
        // so a standard error of 0.0003; the model itself is some 10⁻⁴ above the truth.
        Assert.That(training.Mean, Is.EqualTo(2.31498).Within(5 * 0.0003));
        // The validation draws the nominal x, and more y than the wider one.
        Assert.That(training.Mean, Is.LessThan(truth.Mean - 0.01));
    }

    [Test]
    public void A_history_of_no_epoch_one_epoch_or_no_numbers_is_drawn()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
        try
        {
            foreach (var lines in new string[][] { [], [Epoch(0, "1.9", "1.9")], [Epoch(0, "null", "null"), Epoch(1, "null", "null")], [Epoch(0, "2", "1.9"), Epoch(1, "1.85", "1.83"), Epoch(2, "1.83", "1.82")] })
            {
                File.WriteAllLines(path, lines);
                AreSound([TrainingFigures.Create("kin_residual", FlowCore.Training.TrainingHistory.Read(path), new TruthEntropy(1.816, 1.1), new TruthEntropy(1.79, 1.2), 1000)]);
                AreSound([TrainingFigures.Create("kin", FlowCore.Training.TrainingHistory.Read(path), null, null, 1000)]);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Epoch(int epoch, string train, string validation) =>
        $"{{\"type\":\"epoch\",\"epoch\":{epoch},\"step\":{epoch + 1},\"train_loss\":{train},\"validation_loss\":{validation},\"learning_rate\":{(train == "null" ? "0" : "0.001")},\"gradient_norm\":{train},\"seconds\":1,\"rows_per_second\":1}}";

    private static ToyDataset Data(int count, Func<int, int> label, Func<int, float> x, Func<int, float> y)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npz");
        try
        {
            NpzFile.Write(path, new TensorArchive(
            [
                TensorData.Create<float>("x", [count, 2], Enumerable.Range(0, 2 * count).Select(i => x(i / 2)).ToArray()),
                TensorData.Create<float>("y", [count, 2], Enumerable.Range(0, 2 * count).Select(i => y(i / 2)).ToArray()),
                TensorData.Create<int>("label", [count], Enumerable.Range(0, count).Select(label).ToArray()),
                TensorData.Create<double>("nuisances", [3], [0, 0, 0]),
                TensorData.Create<ulong>("seed", [], [1]),
            ]));
            return ToyDataset.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AreSound(IReadOnlyList<StudyFigure> figures)
    {
        foreach (var figure in figures)
        {
            FigureAssert.IsSound(figure.Figure, figure.Name);
            Assert.That(figure.Caption, Does.EndWith("."), figure.Name);
        }
    }
}
