using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using NUnit.Framework;
using static FlowCore.Tests.Networks.ReferenceNetwork;

namespace FlowCore.Tests.Networks;

/// <summary>Networks of couplings, by their definition.</summary>
[TestFixture]
internal sealed class DenseNetworkTests
{
    private const int Rows = 9;

    [TestCase(3, 0)]
    [TestCase(2, 2)]
    [TestCase(0, 3)]
    public void A_residual_network_reads_the_context_first_and_files_have_it_last(int features, int context)
    {
        var network = new ResidualNetwork<double>(features, context, 4, 6, 2, UnaryFunction.Tanh, "net", new RandomStream(2));
        var reference = new ReferenceNetwork(network.Parameters);
        Check(network, x =>
        {
            var (c, h) = (x[..context], reference.Linear("net.initial_layer", [.. x[context..], .. x[..context]]));
            for (var i = 0; i < 2; i++)
            {
                var t = reference.Linear($"net.blocks.{i}.linear_layers.0", Map(h, Math.Tanh));
                t = reference.Linear($"net.blocks.{i}.linear_layers.1", Map(t, Math.Tanh));
                h = Add(h, context == 0 ? t : Gate(t, reference.Linear($"net.blocks.{i}.context_layer", c)));
            }

            return reference.Linear("net.final_layer", h);
        });
    }

    [Test]
    public void A_normalised_perceptron_has_layers_of_mean_0_and_variance_1()
    {
        var network = new Mlp<double>([3, 5, 4, 2], UnaryFunction.ReLU, "net", new RandomStream(2), normalizes: true);
        Assert.That(
            network.Parameters.Select(parameter => parameter.Name),
            Is.EqualTo(new[] { "net.0.weight", "net.0.bias", "net.3.weight", "net.3.bias", "net.6.weight", "net.6.bias" }));
        var reference = new ReferenceNetwork(network.Parameters);
        Check(network, x =>
        {
            var h = Normalised(reference.Linear("net.0", x));
            return reference.Linear("net.6", Normalised(reference.Linear("net.3", h)));
        });
    }

    [TestCase(PeriodicInputs.SineAndCosine)]
    [TestCase(PeriodicInputs.WeightedSum)]
    public void A_periodic_network_sees_points_on_the_circle(PeriodicInputs inputs)
    {
        var isPair = inputs == PeriodicInputs.SineAndCosine;
        var inner = new Mlp<double>([isPair ? 5 : 3, 4, 2], UnaryFunction.Tanh, "net", new RandomStream(2));
        var network = new PeriodicNetwork<double>(inner, [0, 2], [Math.PI, 2], inputs);
        if (!isPair)
            network.Parameters[0].Write([0.5, -1.5, 2, 0.25]);
        var reference = new ReferenceNetwork(network.Parameters);
        Check(network, x =>
        {
            var (first, second) = (Math.SinCos(x[0]), Math.SinCos(Math.PI * x[2] / 2));
            double[] seen = isPair
                ? [first.Sin, x[1], second.Sin, first.Cos, second.Cos]
                : [(0.5 * first.Sin) - (1.5 * first.Cos), x[1], (2 * second.Sin) + (0.25 * second.Cos)];
            return reference.Linear("net.2", Map(reference.Linear("net.0", seen), Math.Tanh));
        });
    }

    [Test]
    public void Shift_and_scale_networks_see_the_features_that_pass_at_their_places()
    {
        bool[] passes = [false, true, false, true, false];
        var (shift, scale) = (new Mlp<double>([5, 4, 5], UnaryFunction.Tanh, "t", new RandomStream(2)), new Mlp<double>([5, 5], UnaryFunction.Tanh, "s", new RandomStream(3)));
        var network = new ShiftScaleNetwork<double>(passes, shift, scale);
        var reference = new ReferenceNetwork(network.Parameters);
        Check(network, x =>
        {
            double[] all = [0, x[0], 0, x[1], 0];
            var (t, s) = (reference.Linear("t.2", Map(reference.Linear("t.0", all), Math.Tanh)), reference.Linear("s.0", all));
            return [t[0], t[2], t[4], s[0], s[2], s[4]];
        });
        Check(new ShiftScaleNetwork<double>(passes, null, new Mlp<double>([5, 5], UnaryFunction.Tanh, "s", new RandomStream(3))), x =>
        {
            var s = reference.Linear("s.0", [0, x[0], 0, x[1], 0]);
            return [0, 0, 0, s[0], s[2], s[4]];
        });
    }

    [Test]
    public void Networks_that_do_not_fit_are_refused()
    {
        var net = new Mlp<float>([3, 2], UnaryFunction.ReLU, "net");
        Assert.That(() => new ShiftScaleNetwork<float>([true, false], net, null), Throws.ArgumentException.With.Message.Contains("3 and 2"));
        Assert.That(() => new ShiftScaleNetwork<float>([true, false], null, null), Throws.ArgumentException.With.Message.Contains("got none"));
        Assert.That(() => new PeriodicNetwork<float>(net, [2], [1]), Throws.ArgumentException.With.Message.Contains("below 2"));
        Assert.That(() => new PeriodicNetwork<float>(net, [0], [0]), Throws.ArgumentException.With.Message.Contains("got 0"));
        Assert.That(() => new Mlp<float>([3, 1, 2], UnaryFunction.ReLU, "net", normalizes: true), Throws.ArgumentException.With.Message.Contains("at least 2 units"));
        Assert.That(() => new ResidualNetwork<float>(0, 0, 1, 4, 1, UnaryFunction.ReLU, "net"), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static double[] Normalised(double[] h)
    {
        var active = Map(h, value => Math.Max(value, 0));
        var mean = active.Average();
        var variance = active.Sum(value => (value - mean) * (value - mean)) / (active.Length - 1);
        return Map(active, value => (value - mean) / Math.Sqrt(variance + 1e-5));
    }

    private static void Check(Network<double> network, Func<double[], double[]> definition)
    {
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(Rows, record: false);
        var x = Models.Rows<double>(Rows, network.Inputs, 1);
        var y = new double[Rows * network.Outputs];
        tape.ReadValue(network.Apply(tape.Input(x, network.Inputs)), y);
        for (var row = 0; row < Rows; row++)
        {
            // Sums of at most six products of numbers of order one, five layers deep; a normalisation divides by a spread of order 0.1.
            var expected = definition(x.AsSpan(row * network.Inputs, network.Inputs).ToArray());
            Assert.That(y.AsSpan(row * network.Outputs, network.Outputs).ToArray(), Is.EqualTo(expected).Within(1e-12), $"row {row}");
        }
    }
}
