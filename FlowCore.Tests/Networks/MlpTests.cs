using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Networks;

[TestFixture]
public sealed class MlpTests
{
    [Test]
    public void Outputs_are_those_of_layer_after_layer()
    {
        var network = new Mlp<double>([3, 4, 2], UnaryFunction.Tanh, "net", new RandomStream(6));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        Assert.That(network.Parameters.Select(parameter => parameter.Name), Is.EqualTo(new[] { "net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias" }));
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(1, record: false);
        double[] x = [0.3, -1, 2];
        var y = new double[2];
        tape.ReadValue(network.Apply(tape.Input(x, 3)), y);
        var h = new double[4];
        for (var i = 0; i < 4; i++)
        {
            h[i] = network.Parameters[1].Values[i];
            for (var j = 0; j < 3; j++)
                h[i] += network.Parameters[0].Values[(3 * i) + j] * x[j];
            h[i] = Math.Tanh(h[i]);
        }

        for (var i = 0; i < 2; i++)
        {
            var expected = network.Parameters[3].Values[i];
            for (var j = 0; j < 4; j++)
                expected += network.Parameters[2].Values[(4 * i) + j] * h[j];
            Assert.That(y[i], Is.EqualTo(expected).Within(1e-14));
        }
    }

    [Test]
    public void A_size_of_zero_is_refused() =>
        Assert.That(() => new Mlp<float>([3, 0, 2], UnaryFunction.ReLU, "net"), Throws.ArgumentException.With.Message.Contains("got 0"));
}
