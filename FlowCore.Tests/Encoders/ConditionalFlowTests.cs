using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Files;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Encoders;

/// <summary>An encoder and a flow are one model: one store, one file, one gradient.</summary>
[TestFixture]
internal sealed class ConditionalFlowTests
{
    [Test]
    public void A_file_holds_the_encoder_the_flow_and_the_standardisation()
    {
        using var model = EventExamples.Model();
        var (expected, rows, y) = Evaluate(model);
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "conditional-flow.safetensors");
        model.Save(path);
        using var read = ConditionalFlow<double>.Load(path);
        using var flow = Flow<double>.Load(path);
        using var single = ConditionalFlow<float>.Load(path);
        using var plain = new Flow<double>(new StandardNormal<double>(1), new Composition<double>(1));
        plain.Save(path);
        Assert.Multiple(() =>
        {
            Assert.That(Evaluate(read).LogDensity, Is.EqualTo(expected));
            Assert.That(Evaluate(flow).LogDensity, Is.EqualTo(expected));
            Assert.That(read.Encoder, Is.InstanceOf<DeepSetEncoder<double>>());
            Assert.That(single.Encode(Array.ConvertAll(rows, value => (float)value)).Select(value => (double)value), Is.EqualTo(model.Encode(rows)).Within(1e-5));
            Assert.That(() => ConditionalFlow<double>.Load(path), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("without an encoder"));
        });
        File.Delete(path);
    }

    [Test]
    public void The_head_behind_codes_is_the_whole_model()
    {
        using var model = EventExamples.Model();
        var (expected, rows, y) = Evaluate(model);
        var behind = new double[expected.Length];
        model.Head.LogDensity(y, model.Encode(rows), behind);
        Assert.That(behind, Is.EqualTo(expected));
        var (samples, samplesBehind) = (new double[y.Length], new double[y.Length]);
        model.Sample(new(3), 0, rows, samples, default);
        model.Head.Sample(new(3), 0, model.Encode(rows), samplesBehind, default);
        Assert.That(samplesBehind, Is.EqualTo(samples));
    }

    [Test]
    public void A_gradient_reaches_through_the_flow_into_the_encoder()
    {
        using var model = EventExamples.Model();
        var (events, y) = EventExamples.Draw(5, seed: 8);
        var rows = RaggedEvents<double>.Of(events, 2).ToRows(EventExamples.Layout);
        var deviation = new GradientCheck(5).Block(y, 2).Parameters(model.Parameters)
            .Run((tape, inputs) => model.LogDensity(inputs[0], tape.Input(rows, EventExamples.Layout.Columns)));

        // What differences in double reach.
        Assert.That(deviation.Relative, Is.LessThan(1e-6), deviation.ToString());
    }

    [Test]
    public void Layers_behind_the_encoder_start_from_the_data_that_reach_them()
    {
        var norm = new ActNorm<double>(2, "norm");
        var flow = new Flow<double>(new StandardNormal<double>(2), new Composition<double>(
            2, norm, new Conditional<double>(new Affine<double>(1e-3), 2, 3, [], UnaryFunction.Identity, "map")));
        using var model = new ConditionalFlow<double>(new MlpEncoder<double>(1, 3, [4]), flow);
        Started(model, norm, context: true);
        var some = new ActNorm<double>(1, "norm");
        using var onColumns = new Flow<double>(new StandardNormal<double>(2), new OnColumns<double>(some, 2, 1));
        Started(onColumns, some, context: false);

        static void Started(Flow<double> model, ActNorm<double> norm, bool context)
        {
            var y = new double[128];
            new RandomStream(4).FillNormal<double>(y);
            for (var i = 0; i < y.Length; i++)
                y[i] = 40 + (9 * y[i]);
            var data = context ? new ArrayData<double>(y, 2, new double[64], 1) : new ArrayData<double>(y, 2);
            Assert.That(((IDataStarted<double>)norm).IsStarted, Is.False);
            model.Fit(data, new TrainingOptions { Epochs = 1, BatchSize = 64, ValidationFraction = 0, Warn = null, Optimiser = OptimiserSettings.Sgd(1e-9) });
            Assert.That(((IDataStarted<double>)norm).IsStarted);
            var noise = norm.Parameters.SelectMany(parameter => parameter.Values.ToArray());
            Assert.That(noise, Has.Some.Matches<double>(value => Math.Abs(value) > 1));
        }
    }

    [Test]
    public void An_encoder_that_standardises_is_not_warned_of_its_inputs()
    {
        var (o, y) = (new double[300], new double[300]);
        new RandomStream(1).FillNormal<double>(o);
        new RandomStream(2).FillNormal<double>(y);
        for (var i = 0; i < o.Length; i++)
            o[i] = 500 + (70 * o[i]);
        Assert.That(WarningsOf(new MlpEncoder<double>(1, 3, [4], LocationScale.FromData<double>(o, 1))), Does.Not.Contain(TrainingWarningKind.ContextScale));
        Assert.That(WarningsOf(new MlpEncoder<double>(1, 3, [4])), Does.Contain(TrainingWarningKind.ContextScale));

        IEnumerable<TrainingWarningKind> WarningsOf(Network<double> encoder)
        {
            using var model = GaussianHeads.Heteroscedastic(encoder, features: 1);
            return model.Fit(new ArrayData<double>(y, 1, o, 1), new TrainingOptions { Epochs = 1, Warn = null }).Warnings.Select(warning => warning.Kind);
        }
    }

    [Test]
    public void A_flow_that_does_not_fit_is_refused_and_keeps_its_numbers()
    {
        using var flow = new Flow<double>(new StandardNormal<double>(1), new Conditional<double>(new Affine<double>(), 1, 5, [], UnaryFunction.Identity, "map"));
        Assert.That(() => new ConditionalFlow<double>(new MlpEncoder<double>(2, 4), flow), Throws.ArgumentException.With.Message.Contains("4 context features").And.Message.Contains("5"));
        using var conditional = new Flow<double>(new ConditionalNormal<double>(new Mlp<double>([5, 2], UnaryFunction.Identity, "base")), new Composition<double>(1));
        Assert.That(() => new ConditionalFlow<double>(new MlpEncoder<double>(2, 5), conditional), Throws.ArgumentException.With.Message.Contains("base distribution"));
        Assert.That(flow.Parameters.Parameters[0].Values.Length, Is.EqualTo(10));
        using var model = new ConditionalFlow<double>(new MlpEncoder<double>(2, 5), flow);
        Assert.That(() => flow.LogDensity([0.0], new double[5], new double[1]), Throws.InstanceOf<ObjectDisposedException>(), "its numbers have moved over");
    }

    private static (double[] LogDensity, double[] Rows, double[] Y) Evaluate(Flow<double> model)
    {
        var (events, y) = EventExamples.Draw(50, seed: 2);
        var rows = RaggedEvents<double>.Of(events, 2).ToRows(EventExamples.Layout);
        var logDensity = new double[50];
        model.LogDensity(y, rows, logDensity);
        return (logDensity, rows, y);
    }
}
