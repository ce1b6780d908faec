using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Networks;

/// <summary>Parts that were given no random stream are alive: every parameter has a gradient, and two names have two sets of numbers.</summary>
[TestFixture]
internal sealed class FreshNumbersTests
{
    private static readonly Dictionary<string, Func<string, Transform<double>>> _parts = new()
    {
        ["conditional"] = name => new Conditional<double>(new Affine<double>(), 2, 1, [6], UnaryFunction.Tanh, name),
        ["coupling"] = name => new Coupling<double>(new Affine<double>(), [true, false], 1, [6], UnaryFunction.Tanh, name),
        ["masked autoregressive"] = name => new MaskedAutoregressive<double>(new Affine<double>(), AutoregressiveOrder.Natural(2, 1), [6], UnaryFunction.Tanh, name),
        ["cholesky"] = name => new CholeskyLinear<double>(2, 1, [6], UnaryFunction.Tanh, name),
        ["planar"] = name => new Planar<double>(2, name),
    };

    public static IEnumerable<string> Names => _parts.Keys;

    [TestCaseSource(nameof(Names))]
    public void A_part_without_a_stream_can_be_trained(string part)
    {
        using var flow = new Flow<double>(new StandardNormal<double>(2), _parts[part]("first"));
        double[] x = new double[64], context = new double[32];
        new RandomStream(1).FillNormal<double>(x);
        new RandomStream(2).FillNormal<double>(context);
        using var optimiser = new Optimiser<double>(flow, OptimiserSettings.Sgd(0.01));
        var start = new Dictionary<string, double[]>();
        foreach (var parameter in flow.Parameters.Parameters)
            start[parameter.Name] = Read(parameter);

        // Two steps: behind a last layer of zeros the first moves that layer, and the second the others.
        for (var step = 0; step < 2; step++)
        {
            var tape = optimiser.Begin(32);
            var conditions = flow.ContextFeatures > 0 ? tape.Input(context, columns: 1) : default;
            optimiser.Accumulate(-flow.LogDensity(tape.Input(x, columns: 2), conditions));
            optimiser.Step();
        }

        foreach (var parameter in flow.Parameters.Parameters)
            Assert.That(Read(parameter), Is.Not.EqualTo(start[parameter.Name]), parameter.Name);
    }

    [TestCaseSource(nameof(Names))]
    public void A_name_has_its_own_numbers_every_time(string part)
    {
        var (first, again, other) = (_parts[part]("first"), _parts[part]("first"), _parts[part]("second"));
        var isDifferent = false;
        for (var i = 0; i < first.Parameters.Count; i++)
        {
            Assert.That(Read(again.Parameters[i]), Is.EqualTo(Read(first.Parameters[i])));
            isDifferent |= !Read(other.Parameters[i]).AsSpan().SequenceEqual(Read(first.Parameters[i]));
        }

        Assert.That(isDifferent);
    }

    [Test]
    public void A_copy_has_the_numbers_of_its_original()
    {
        foreach (var create in _parts.Values)
        {
            var original = create("first");
            var copy = original.ConvertTo<double>();
            for (var i = 0; i < original.Parameters.Count; i++)
                Assert.That(Read(copy.Parameters[i]), Is.EqualTo(Read(original.Parameters[i])));
        }
    }

    private static double[] Read(Parameter<double> parameter)
    {
        var numbers = new double[parameter.Length];
        parameter.Read(numbers);
        return numbers;
    }
}
