using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using NUnit.Framework;
using static FlowCore.Tests.Networks.ReferenceNetwork;

namespace FlowCore.Tests.Networks;

/// <summary>Masked networks with residual blocks, contexts of their own and angles: values by their definition, and rank by rank as at once.</summary>
[TestFixture]
internal sealed class MaskedNetworkTests
{
    private const int Rows = 33;
    private const int Outputs = 2;

    private static readonly (int[] Ranks, int Context)[] _orders =
    [
        ([0, 1, 2, 3], 0), ([3, 2, 1, 0], 2), ([1, 3, 0, 2], 1), ([1, 0, 1, 0], 0), ([0, 0, 0], 2), ([0, 0, 0], 0), ([0], 0), ([0], 3), ([2, 0, 4, 4, 1], 3),
    ];

    private static readonly string[] _networks =
    [
        "nflows", "nflows hidden", "nflows feed-forward", "normflows", "normflows without context, feed-forward", "zuko", "narrow", "periodic", "weighted",
    ];

    public static IEnumerable<object[]> Cases => _networks.SelectMany(name => Enumerable.Range(0, _orders.Length).Select(order => new object[] { name, order }));

    [TestCaseSource(nameof(Cases))]
    public void Outputs_are_those_of_the_definition(string name, int which)
    {
        var (order, network) = Create(name, which);
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var (x, c) = (Models.Rows<double>(Rows, order.Features, 1), Models.Rows<double>(Rows, order.ContextFeatures, 2));
        var actual = Evaluate(network, x, c);
        var reference = new ReferenceNetwork(network.Parameters);
        for (var row = 0; row < Rows; row++)
        {
            var expected = Defined(
                network, reference, x.AsSpan(row * order.Features, order.Features).ToArray(), c.AsSpan(row * order.ContextFeatures, order.ContextFeatures).ToArray());
            for (var j = 0; j < order.Features; j++)
            {
                for (var o = 0; o < Outputs; o++)
                {
                    // Some ten layers of sums of at most eleven products of numbers of order one.
                    var at = (row * order.Features * Outputs) + (order.Positions[j] * Outputs) + o;
                    Assert.That(actual[at], Is.EqualTo(expected[(j * Outputs) + o]).Within(1e-12), $"row {row}, feature {j}");
                }
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Evaluation_rank_by_rank_gives_the_outputs_of_the_whole(string name, int which)
    {
        var (order, network) = Create(name, which);
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var (x, c) = (Models.Rows<double>(Rows, order.Features, 1), Models.Rows<double>(Rows, order.ContextFeatures, 2));
        var whole = Evaluate(network, x, c);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(Rows, record: false);
        var all = tape.Input(x, order.Features);
        var evaluation = network.BeginRankByRank(order.ContextFeatures == 0 ? default : tape.Input(c, order.ContextFeatures), all);
        for (var group = 0; group < order.Groups; group++)
        {
            var size = order.GroupStart[group + 1] - order.GroupStart[group];
            var part = new double[Rows * size * Outputs];
            tape.ReadValue(evaluation.Outputs(group), part);
            for (var i = 0; i < part.Length; i++)
            {
                var row = i / (size * Outputs);
                var expected = whole[(row * order.Features * Outputs) + (order.GroupStart[group] * Outputs) + (i % (size * Outputs))];
                Assert.That(part[i], Is.EqualTo(expected).Within(1e-12), $"rank {group}, row {row}");
            }

            // Only now do the features of this rank become known.
            var solved = evaluation.SolvedOf(group);
            for (var i = 0; i < size; i++)
            {
                var feature = order.FeaturesByRank[order.GroupStart[group] + i];
                kernels.Copy(tape.ValueOf(all).Slice(feature, 1), tape.ValueOf(solved).Slice(i, 1), accumulate: false);
            }
        }

        evaluation.Release();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_first_feature_sees_the_context_unless_it_is_to_be_hidden(bool isHidden)
    {
        var network = new Made<double>(
            AutoregressiveOrder.Natural(3, 2), Outputs, new MadeSettings { HiddenSize = 6, HidesContextFromFirst = isHidden, Activation = UnaryFunction.Tanh }, "net",
            new RandomStream(1));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var x = Models.Rows<double>(Rows, 3, 1);
        var (one, other) = (Evaluate(network, x, Models.Rows<double>(Rows, 2, 2)), Evaluate(network, x, Models.Rows<double>(Rows, 2, 3)));
        for (var feature = 0; feature < 3; feature++)
        {
            var at = feature * Outputs;
            Assert.That(one[at] == other[at], Is.EqualTo(isHidden && feature == 0), $"feature {feature}");
        }
    }

    [Test]
    public void What_a_periodic_network_sees_is_the_same_at_both_ends_of_the_circle()
    {
        var network = (PeriodicMaskedNetwork<double>)Create("periodic", 0).Network;
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        double[] x = [0.3, 1.7, -0.2, 0.9];
        double[] turned = [0.3, 1.7 - 4, -0.2, 0.9];
        Assert.That(Evaluate(network, x, [], 1), Is.EqualTo(Evaluate(network, turned, [], 1)).Within(1e-13));
        x[1] = -1.7;
        Assert.That(Evaluate(network, x, [], 1), Is.Not.EqualTo(Evaluate(network, turned, [], 1)).Within(1e-3));
    }

    [Test]
    public void Settings_that_make_no_network_are_refused()
    {
        var order = AutoregressiveOrder.Natural(2, 1);
        Assert.That(
            () => new Made<float>(order, 1, new MadeSettings { HiddenSize = 0 }, "net"), Throws.ArgumentException.With.Message.Contains("got 0"));
        Assert.That(
            () => new Made<float>(order, 1, new MadeSettings { Flavour = MadeFlavour.Normflows, IsResidual = false }, "net"),
            Throws.ArgumentException.With.Message.Contains("feed-forward"));
        Assert.That(
            () => new MaskedResidualMlp<float>(order, [], 1, UnaryFunction.ReLU, "net"), Throws.ArgumentException.With.Message.Contains("got 0"));
        Assert.That(
            () => new PeriodicMaskedNetwork<float>(new MaskedMlp<float>(order, [4], 1, UnaryFunction.ReLU, "net"), [0], [1]),
            Throws.ArgumentException.With.Message.Contains("rank"));
    }

    private static (AutoregressiveOrder Order, MaskedNetwork<double> Network) Create(string name, int which)
    {
        var order = new AutoregressiveOrder(_orders[which].Ranks, name.Contains("without context", StringComparison.Ordinal) ? 0 : _orders[which].Context);
        var settings = new MadeSettings { HiddenSize = name == "narrow" ? 1 : 7, Activation = UnaryFunction.Tanh };
        var stream = new RandomStream(4);
        var angle = Math.Min(1, order.Features - 1);
        return (order, name switch
        {
            "nflows hidden" => new Made<double>(order, Outputs, settings with { HidesContextFromFirst = true }, "net", stream),
            "nflows feed-forward" => new Made<double>(order, Outputs, settings with { IsResidual = false }, "net", stream),
            "normflows" => new Made<double>(order, Outputs, settings with { Flavour = MadeFlavour.Normflows }, "net", stream),
            "normflows without context, feed-forward" =>
                new Made<double>(order, Outputs, settings with { Flavour = MadeFlavour.Normflows, IsResidual = false }, "net", stream),
            "zuko" => new MaskedResidualMlp<double>(order, [7, 7, 5], Outputs, UnaryFunction.Tanh, "net", stream),
            "periodic" => new PeriodicMaskedNetwork<double>(
                new Made<double>(PeriodicMaskedNetwork<double>.WithCosines(order, [angle]), Outputs, settings, "net", stream), [angle], [2]),
            "weighted" => new PeriodicMaskedNetwork<double>(
                new Made<double>(order, Outputs, settings, "net", stream), [angle], [2], PeriodicInputs.WeightedSum),
            _ => new Made<double>(order, Outputs, settings, "net", stream),
        });
    }

    private static double[] Evaluate(MaskedNetwork<double> network, double[] x, double[] c, int rows = Rows)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(rows, record: false);
        var context = network.Order.ContextFeatures;
        var y = new double[rows * network.Order.Features * Outputs];
        tape.ReadValue(network.Apply(tape.Input(x, network.Order.Features), context == 0 ? default : tape.Input(c, context)), y);
        return y;
    }

    private static double[] Defined(MaskedNetwork<double> network, ReferenceNetwork reference, double[] x, double[] c)
    {
        switch (network)
        {
            case PeriodicMaskedNetwork<double> periodic:
                var angle = Math.Min(1, x.Length - 1);
                var (sine, cosine) = Math.SinCos(Math.PI * x[angle] / 2);
                var hasWeights = periodic.Parameters[0].Name == "preprocessing.weights";
                double[] seen = hasWeights ? [.. x] : [.. x, cosine];

                // The weights start as ones.
                seen[angle] = hasWeights ? sine + cosine : sine;
                return Defined(periodic.Inner, reference, seen, c);
            case MaskedResidualMlp<double>:
                var h = reference.Linear("net.0", [.. x, .. c]);
                h = Add(h, reference.Linear("net.1.2", Map(reference.Linear("net.1.0", h), Math.Tanh)));
                h = Add(h, reference.Linear("net.2.2", Map(reference.Linear("net.2.0", h), Math.Tanh)));
                h = reference.Linear("net.3", h);
                h = Add(h, reference.Linear("net.4.2", Map(reference.Linear("net.4.0", h), Math.Tanh)));
                return reference.Linear("net.5", h);
            default:
                return DefinedMade((Made<double>)network, reference, x, c);
        }
    }

    private static double[] DefinedMade(Made<double> network, ReferenceNetwork reference, double[] x, double[] c)
    {
        var (hasContext, isNflows) = (c.Length > 0, network.Settings.Flavour == MadeFlavour.Nflows);
        var h = reference.Linear("net.initial_layer", x);
        if (hasContext)
        {
            var added = reference.Linear("net.context_layer", c);
            h = Add(h, isNflows ? Map(added, Math.Tanh) : added);
        }

        if (isNflows && !network.Settings.IsResidual)
            h = Map(h, Math.Tanh);
        for (var i = 0; i < network.Settings.Blocks; i++)
        {
            var block = $"net.blocks.{i}";
            if (!network.Settings.IsResidual)
            {
                h = Map(reference.Linear(block + ".linear", h), Math.Tanh);
                continue;
            }

            var t = reference.Linear(block + ".linear_layers.0", Map(h, Math.Tanh));
            if (hasContext && isNflows)
                t = Add(t, reference.Linear(block + ".context_layer", c));
            t = reference.Linear(block + ".linear_layers.1", Map(t, Math.Tanh));
            if (hasContext && !isNflows)
                t = Gate(t, reference.Linear(block + ".context_layer", c));
            h = Add(h, t);
        }

        return reference.Linear("net.final_layer", h);
    }
}
