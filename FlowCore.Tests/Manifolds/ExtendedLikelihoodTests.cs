using System.Numerics.Tensors;
using FlowCore.Encoders;
using FlowCore.Manifolds;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The extended likelihood of sets: its value in every form of ln λ, and what it learns of numbers and shapes.</summary>
[TestFixture]
internal sealed class ExtendedLikelihoodTests
{
    private static readonly IReadOnlyList<PdfOptions> _forms =
    [
        new() { PredictsLogMean = true },
        new() { PredictsLogMean = true, ConditionColumns = [1] },
        new() { PredictsLogMean = true, ConditionColumns = [1], JoinsLogMean = true },
        new() { PredictsLogMean = true, ConditionColumns = [1], JoinsLogMean = true, UsesCustomNetworks = true, HighwayMode = 1 },
        new() { PredictsLogMean = true, ConditionColumns = [1], IsFullyAmortized = true, NetworkSizes = ["4"], InnerNetworkSizes = ["4"] },
        new() { PredictsLogMean = true, ConditionColumns = [1, 2], JoinsLogMean = true },
    ];

    [Test]
    public void A_set_has_the_logarithm_of_its_number_and_of_its_events([ValueSource(nameof(_forms))] PdfOptions options, [Values] bool isWeighted)
    {
        using var pdf = new Pdf<double>("e1+s1", "t+m", options with { DampingFactor = 1 });
        var c = pdf.ContextFeatures;
        var sets = RaggedEvents<double>.Of([[0.1, 1, 0.3, 2], [], [-1, 5], [2, 3, 0.5, 0.1, 0, 6]], 2);
        double[] conditions = [.. Enumerable.Range(0, 4 * c).Select(i => Math.Sin(i))];
        double[] weights = isWeighted ? [0.5, 2, 0, 1, 3, 0.25] : [];
        using var likelihood = new ExtendedLikelihood<double>(pdf);
        var logs = likelihood.LogLikelihood(sets, conditions, weights);
        var (sum, at) = (0.0, 0);
        for (var s = 0; s < 4; s++)
        {
            var given = c == 0 ? [] : conditions[(s * c)..((s + 1) * c)];
            var context = c == 0 ? default : new ReadOnlyTensorSpan<double>(given, [1, c]);
            var logMean = pdf.LogMeanPoisson(context)[0, 0];
            var expected = -Math.Exp(logMean);
            for (var i = 0; i < sets.CountOf(s); i++, at++)
            {
                var point = sets.ItemsOf(s).Slice(2 * i, 2).ToArray();
                expected += (isWeighted ? weights[at] : 1) * (logMean + pdf.LogDensity(new ReadOnlyTensorSpan<double>(point, [1, 2]), context)[0]);
            }

            // Sums of a few numbers of size one.
            Assert.That(logs[s], Is.EqualTo(expected).Within(1e-13), $"set {s}");
            sum += expected;
        }

        // The loss of the training is that of all sets, per row: six events and one empty set.
        using var trainer = new Trainer<double>(likelihood.Model, likelihood.Data(sets, conditions, weights), new TrainingOptions { Epochs = 1, BatchSize = 7, Warn = null }, objective: likelihood);
        Assert.That(trainer.RunStep(), Is.EqualTo(-sum / 7).Within(1e-13));
    }

    [Test]
    public void A_number_and_a_shape_that_depend_on_the_condition_are_learnt([Values] bool isJoint)
    {
        // λ = e^(1 + c) and x ~ N(2c, 1/2), c in [−1, 1].
        var options = new PdfOptions { PredictsLogMean = true, ConditionColumns = [1], JoinsLogMean = isJoint, NetworkSizes = ["16"], LogMeanNetworkSizes = "16" };
        var (sets, conditions) = Truth(1500, 1);
        using var pdf = new Pdf<double>("e1", "t", options);
        using var likelihood = new ExtendedLikelihood<double>(pdf);
        var result = likelihood.Fit(sets, conditions, options: new TrainingOptions { Epochs = 30, BatchSize = 256, Optimiser = OptimiserSettings.Adam(0.02), Warn = null });
        Assert.That(result.History.Epochs[^1].TrainLoss, Is.LessThan(result.History.Epochs[0].TrainLoss));
        double[] places = [-0.8, 0, 0.8];
        var logMeans = pdf.LogMeanPoisson(new ReadOnlyTensorSpan<double>(places, [3, 1]));
        for (var i = 0; i < places.Length; i++)
        {
            // 1,500 sets of three events: a line through the counts is known to 0.03 in its ends.
            Assert.That(logMeans[i, 0], Is.EqualTo(1 + places[i]).Within(0.12), $"ln λ at {places[i]}");
            double[] x = [2 * places[i], (2 * places[i]) + 0.5];
            var logs = pdf.LogDensity(new ReadOnlyTensorSpan<double>(x, [2, 1]), new ReadOnlyTensorSpan<double>([places[i]], [1, 1]));
            Assert.That(logs[0], Is.EqualTo(-0.5 * Math.Log(0.5 * Math.PI)).Within(0.15), $"ln p at {places[i]}");
            Assert.That(logs[1] - logs[0], Is.EqualTo(-0.5).Within(0.15), $"width at {places[i]}");
        }

        // On other sets it is nearly the truth's; a constant λ would be worse by E λ ln λ − E λ ln E λ = 0.47 a set.
        var (fresh, theirs) = Truth(500, 2);
        var difference = likelihood.LogLikelihood(fresh, theirs).Average() - LogLikelihoodOfTruth(fresh, theirs).Average();
        Assert.That(difference, Is.EqualTo(0).Within(0.05));
    }

    [Test]
    public void Without_a_condition_lambda_is_the_mean_of_the_sums_of_weights()
    {
        // Sets of 2, 0 and 3 events of weights that sum to 4.5: the maximum of 4.5 ln λ − 3 λ is at 1.5.
        using var pdf = new Pdf<double>("i1", "z", new PdfOptions { PredictsLogMean = true });
        using var likelihood = new ExtendedLikelihood<double>(pdf);
        var sets = RaggedEvents<double>.Of([[0.1, 0.2], [], [0.3, 0.4, 0.5]], 1);
        likelihood.Fit(sets, weights: new[] { 0.5, 1, 0, 2, 1 }, options: new TrainingOptions
        {
            Epochs = 400,
            BatchSize = 6,
            ValidationFraction = 0,
            EarlyStopping = null,
            Optimiser = OptimiserSettings.Adam(0.05),
            Warn = null,
        });
        Assert.That(pdf.LogMeanPoisson()[0, 0], Is.EqualTo(Math.Log(1.5)).Within(1e-4));
    }

    [Test]
    public void Drawn_sets_have_the_numbers_and_the_law_of_the_pdf()
    {
        using var pdf = new Pdf<double>("e1", "t", new PdfOptions { PredictsLogMean = true, ConditionColumns = [1], DampingFactor = 1 });
        using var likelihood = new ExtendedLikelihood<double>(pdf);
        double[] conditions = [.. Enumerable.Range(0, 4000).Select(s => s % 2 == 0 ? -1.0 : 2.0)];
        var sets = likelihood.Draw(4000, 5, conditions);
        var logMeans = pdf.LogMeanPoisson(new ReadOnlyTensorSpan<double>([-1.0, 2.0], [2, 1]));
        for (var kind = 0; kind < 2; kind++)
        {
            var mean = Math.Exp(logMeans[kind, 0]);
            var counts = Enumerable.Range(0, 2000).Select(s => (double)sets.CountOf((2 * s) + kind)).ToArray();

            // Four standard errors of a Poisson mean.
            Assert.That(counts.Average(), Is.EqualTo(mean).Within(4 * Math.Sqrt(mean / 2000)));
        }

        Assert.That(likelihood.Draw(4000, 5, conditions).CountOf(17), Is.EqualTo(sets.CountOf(17)));
        Assert.That(double.IsFinite(likelihood.LogLikelihood(sets, conditions).Average()));
    }

    [Test]
    public void Behind_an_encoder_sets_have_the_likelihood_of_their_codes([Values] bool isJoint)
    {
        var options = new PdfOptions { PredictsLogMean = true, ConditionColumns = [2], JoinsLogMean = isJoint, NetworkSizes = ["8"], LogMeanNetworkSizes = "8", DampingFactor = 1 };
        using var model = new ConditionalPdf<double>(new MlpEncoder<double>(3, 2, [4]), new Pdf<double>("e1+s1", "t+m", options));
        using var likelihood = new ExtendedLikelihood<double>(model);
        using var ofCodes = new ExtendedLikelihood<double>(model.Head);
        var sets = RaggedEvents<double>.Of([[0.1, 1, 0.3, 2], [], [-1, 5]], 2);
        double[] observations = [0.1, 0.2, 0.3, -1, 2, 0.5, 0, 1, -1];
        var logs = likelihood.LogLikelihood(sets, observations);
        Assert.That(logs, Is.EqualTo(ofCodes.LogLikelihood(sets, model.Encode(observations))));
        double[] one = [0.1, 0.2, 0.3];
        Assert.That(likelihood.LogLikelihood(sets, one), Is.EqualTo(ofCodes.LogLikelihood(sets, model.Encode(one))));
        var (drawn, drawnOfCodes) = (likelihood.Draw(3, 4, observations), ofCodes.Draw(3, 4, model.Encode(observations)));
        for (var s = 0; s < 3; s++)
            Assert.That(drawn.ItemsOf(s).ToArray(), Is.EqualTo(drawnOfCodes.ItemsOf(s).ToArray()));
        Assert.That(() => likelihood.LogLikelihood(sets, observations.AsMemory(0, 6)), Throws.ArgumentException.With.Message.Contains("condition"));

        // Three events and an empty set are four rows; the encoder learns with the pdf.
        double[] before = [.. model.Encoder.Parameters.SelectMany(Numbers)];
        using var trainer = new Trainer<double>(likelihood.Model, likelihood.Data(sets, observations), new TrainingOptions { Epochs = 20, BatchSize = 4, Warn = null }, objective: likelihood);
        Assert.That(trainer.RunStep(), Is.EqualTo(-logs.Sum() / 4).Within(1e-13));
        trainer.Run();
        Assert.That(model.Encoder.Parameters.SelectMany(Numbers), Is.Not.EqualTo(before));
        Assert.That(likelihood.LogLikelihood(sets, observations).Sum(), Is.GreaterThan(logs.Sum()));
        using var without = new ConditionalPdf<double>(new MlpEncoder<double>(3, 2, [4]), new Pdf<double>("e1", "t", new PdfOptions { ConditionColumns = [2] }));
        Assert.That(() => new ExtendedLikelihood<double>(without), Throws.ArgumentException.With.Message.Contains("PredictsLogMean"));
    }

    [Test]
    public void What_does_not_fit_is_named()
    {
        using var plain = new Pdf<double>("i1", "r");
        Assert.That(() => new ExtendedLikelihood<double>(plain), Throws.ArgumentException.With.Message.Contains("PredictsLogMean"));
        using var pdf = new Pdf<double>("i1", "r", new PdfOptions { PredictsLogMean = true, ConditionColumns = [1] });
        using var likelihood = new ExtendedLikelihood<double>(pdf);
        var sets = RaggedEvents<double>.Of([[0.5], [], [0.2, 1.5]], 1);
        double[] conditions = [0, 1, 2];
        Assert.That(() => likelihood.Data(sets, conditions), Throws.ArgumentException.With.Message.Contains("event 1 of set 2"));
        Assert.That(likelihood.LogLikelihood(sets, conditions)[2], Is.EqualTo(double.NegativeInfinity));
        Assert.That(() => likelihood.Fit(sets, new double[2]), Throws.ArgumentException.With.Message.Contains("condition"));
        Assert.That(() => likelihood.LogLikelihood(sets, conditions, new double[2]), Throws.ArgumentException.With.Message.Contains("3 events"));
        Assert.That(() => likelihood.LogLikelihood(sets, conditions, new[] { 1, -1.0, 1 }), Throws.ArgumentException.With.Message.Contains("event 1"));
        Assert.That(() => likelihood.LogLikelihood(RaggedEvents<double>.Of([[0.5, 1]], 2), conditions), Throws.ArgumentException);
        Assert.That(() => likelihood.Draw(2, 1), Throws.ArgumentException.With.Message.Contains("condition"));
        Assert.That(() => pdf.LogMeanPoisson(), Throws.ArgumentException.With.Message.Contains("condition"));
        double[] two = [1, 2];
        Assert.That(() => pdf.LogMeanPoisson(new ReadOnlyTensorSpan<double>(two, [1, 2])), Throws.ArgumentException);
    }

    [Test]
    public void The_program_of_the_page_learns_its_sets()
    {
        // A short training of 800 sets comes within 0.3 of the truth's, on the sets that it was trained on.
        var (sets, conditions) = ManifoldsSample.FirstData.Sets(800);
        var logs = ManifoldsSample.FirstPdfs.Sets(sets, conditions, epochs: 15, TextWriter.Null);
        Assert.That(logs.Average(), Is.EqualTo(LogLikelihoodOfTruth(sets, conditions).Average()).Within(0.3));
    }

    private static double[] Numbers(FlowCore.Autodiff.Parameter<double> parameter)
    {
        var numbers = new double[parameter.Length];
        parameter.Read(numbers);
        return numbers;
    }

    private static (RaggedEvents<double> Sets, double[] Conditions) Truth(int count, ulong seed)
    {
        var (sets, conditions) = (new double[count][], new double[count]);
        var uniform = new double[40];
        for (var s = 0; s < count; s++)
        {
            var stream = new RandomStream(seed).Substream((ulong)s);
            stream.FillUniform<double>(uniform);
            conditions[s] = (2 * uniform[0]) - 1;

            // Events of a process of rate 1 until the time λ.
            var (time, n) = (-Math.Log(uniform[1]), 0);
            for (var limit = Math.Exp(1 + conditions[s]); time < limit && n < 30; n++)
                time -= Math.Log(uniform[n + 2]);
            sets[s] = new double[n];
            stream.Substream(1).FillNormal<double>(sets[s]);
            for (var i = 0; i < n; i++)
                sets[s][i] = (2 * conditions[s]) + (0.5 * sets[s][i]);
        }

        return (RaggedEvents<double>.Of(sets, 1), conditions);
    }

    private static IEnumerable<double> LogLikelihoodOfTruth(RaggedEvents<double> sets, double[] conditions)
    {
        for (var s = 0; s < sets.Count; s++)
        {
            var sum = -Math.Exp(1 + conditions[s]);
            foreach (var x in sets.ItemsOf(s).ToArray())
                sum += 1 + conditions[s] - (0.5 * Math.Log(0.5 * Math.PI)) - (2 * Math.Pow(x - (2 * conditions[s]), 2));
            yield return sum;
        }
    }
}
