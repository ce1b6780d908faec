using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Networks;

[TestFixture]
public sealed class MaskedMlpTests
{
    private static readonly object[] _orders =
    [
        new object[] { new[] { 0, 1, 2, 3 }, 0 },
        new object[] { new[] { 3, 2, 1, 0 }, 2 },
        new object[] { new[] { 1, 3, 0, 2 }, 1 },
        new object[] { new[] { 1, 0, 1, 0 }, 0 },
        new object[] { new[] { 0, 0, 0 }, 2 },
        new object[] { new[] { 0, 0, 0 }, 0 },
        new object[] { new[] { 0 }, 0 },
        new object[] { new[] { 0 }, 3 },
        new object[] { new[] { 2, 0, 4, 4, 1 }, 3 },
    ];

    [TestCaseSource(nameof(_orders))]
    public void Masks_are_those_of_sorted_distinct_adjacency_rows(int[] ranks, int context)
    {
        int[] hidden = [7, 2, 9];
        const int Outputs = 3;
        var network = new MaskedMlp<double>(new AutoregressiveOrder(ranks, context), hidden, Outputs, UnaryFunction.ReLU, "net");
        var expected = DefinedMasks(ranks, context, hidden, Outputs);
        for (var l = 0; l < expected.Length; l++)
            Assert.That(network.Mask(l), Is.EqualTo(expected[l]), $"layer {l}");
    }

    [TestCaseSource(nameof(_orders))]
    public void Outputs_are_those_of_the_masked_network_in_canonical_order(int[] ranks, int context)
    {
        int[] hidden = [7, 6];
        const int Outputs = 2, Rows = 40;
        var network = new MaskedMlp<double>(new AutoregressiveOrder(ranks, context), hidden, Outputs, UnaryFunction.Tanh, "net", new RandomStream(3));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var x = Flows.Models.Rows<double>(Rows, ranks.Length, 1);
        var c = Flows.Models.Rows<double>(Rows, context, 2);
        var actual = Evaluate(network, x, c, Rows);
        for (var row = 0; row < Rows; row++)
        {
            double[] h = [.. x.AsSpan(row * ranks.Length, ranks.Length), .. c.AsSpan(row * context, context)];
            for (var l = 0; l <= hidden.Length; l++)
                h = Layer(network, l, h, isLast: l == hidden.Length);
            for (var j = 0; j < ranks.Length; j++)
            {
                for (var o = 0; o < Outputs; o++)
                {
                    // Sums of at most eight products of numbers of order one.
                    Assert.That(
                        actual[(row * h.Length) + (network.Order.Positions[j] * Outputs) + o], Is.EqualTo(h[(j * Outputs) + o]).Within(1e-13));
                }
            }
        }
    }

    [TestCaseSource(nameof(_orders))]
    public void Evaluation_rank_by_rank_gives_the_outputs_of_the_whole(int[] ranks, int context)
    {
        const int Outputs = 2, Rows = 33;
        var network = new MaskedMlp<double>(new AutoregressiveOrder(ranks, context), [11, 5], Outputs, UnaryFunction.Elu, "net", new RandomStream(4));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var order = network.Order;
        var x = Flows.Models.Rows<double>(Rows, ranks.Length, 1);
        var c = Flows.Models.Rows<double>(Rows, context, 2);
        var whole = Evaluate(network, x, c, Rows);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(Rows, record: false);
        var all = tape.Input(x, ranks.Length);
        var evaluation = network.BeginRankByRank(tape, context == 0 ? default : tape.Input(c, context), all);
        for (var group = 0; group < order.Groups; group++)
        {
            var size = order.GroupStart[group + 1] - order.GroupStart[group];
            var part = new double[Rows * size * Outputs];
            tape.ReadValue(evaluation.Outputs(group), part);
            for (var row = 0; row < Rows; row++)
            {
                for (var i = 0; i < size * Outputs; i++)
                {
                    var expected = whole[(row * ranks.Length * Outputs) + (order.GroupStart[group] * Outputs) + i];
                    Assert.That(part[(row * size * Outputs) + i], Is.EqualTo(expected).Within(1e-13), $"group {group}");
                }
            }

            // Only now do the features of this rank become known.
            var solved = evaluation.SolvedOf(group);
            for (var i = 0; i < size; i++)
            {
                var feature = order.FeaturesByRank[order.GroupStart[group] + i];
                kernels.Copy(tape.ValueOf(all).Slice(feature, 1), tape.ValueOf(solved).Slice(i, 1), accumulate: false);
            }
        }
    }

    [Test]
    public void Fresh_weights_are_uniform_with_the_unmasked_fan_in_and_the_same_in_both_precisions()
    {
        var order = new AutoregressiveOrder([2, 0, 1], 1);
        var single = new MaskedMlp<float>(order, [50], 2, UnaryFunction.ReLU, "net", new RandomStream(8));
        var twin = new MaskedMlp<double>(order, [50], 2, UnaryFunction.ReLU, "net", new RandomStream(8));
        var (a, b) = (new float[200], new double[200]);
        single.Parameters[0].Read(a);
        twin.Parameters[0].Read(b);
        Assert.That(a, Is.EqualTo(Array.ConvertAll(b, value => (float)value)));
        Assert.That(b.Max(), Is.InRange(0.45, 0.5));
        Assert.That(b.Min(), Is.InRange(-0.5, -0.45));
    }

    [Test]
    public void Fresh_weights_do_not_depend_on_the_physical_order()
    {
        var ascending = new MaskedMlp<double>(new AutoregressiveOrder([0, 1, 2], 1), [6], 1, UnaryFunction.ReLU, "net", new RandomStream(8));
        var descending = new MaskedMlp<double>(new AutoregressiveOrder([2, 1, 0], 1), [6], 1, UnaryFunction.ReLU, "net", new RandomStream(8));
        var (a, b) = (new double[24], new double[24]);
        ascending.Parameters[0].Read(a);
        descending.Parameters[0].Read(b);
        var (maskA, maskB) = (ascending.Mask(0), descending.Mask(0));
        for (var i = 0; i < a.Length; i++)
        {
            if (maskA[i] && maskB[i])
                Assert.That(a[i], Is.EqualTo(b[i]));
            else if (!maskA[i])
                Assert.That(a[i], Is.Zero);
        }
    }

    [Test]
    public void A_hidden_layer_without_units_is_refused() => Assert.That(
        () => new MaskedMlp<float>(new AutoregressiveOrder([0, 1]), [4, 0], 2, UnaryFunction.ReLU, "net"),
        Throws.ArgumentException.With.Message.Contains("at least 1 unit"));

    /// <summary>The definition, word by word and slowly.</summary>
    private static bool[][] DefinedMasks(int[] ranks, int context, int[] hidden, int outputsPerFeature)
    {
        var features = ranks.Length;
        var rows = new List<bool[]>();
        foreach (var rank in ranks)
            rows.Add([.. ranks.Select(other => rank > other), .. Enumerable.Repeat(true, context)]);
        static string Key(bool[] row) => string.Concat(row.Select(bit => bit ? '1' : '0'));
        var groups = rows.DistinctBy(Key).OrderBy(Key, StringComparer.Ordinal).ToArray();
        bool Precedes(bool[] p, bool[] q) => q.Zip(p).All(pair => !pair.First || pair.Second);
        var precedence = groups.Select(p => groups.Select(q => Precedes(p, q)).ToArray()).ToArray();
        var masks = new List<bool[]>();
        var byGroup = groups;
        var previous = Array.Empty<int>();
        for (var l = 0; l <= hidden.Length; l++)
        {
            if (l > 0)
                byGroup = [.. precedence.Select(row => previous.Select(group => row[group]).ToArray())];
            if (l < hidden.Length)
            {
                var reachable = Enumerable.Range(0, groups.Length).Where(group => byGroup[group].Any(bit => bit)).ToArray();
                // A network that sees nothing has no reachable group: the one group it has stands in.
                if (reachable.Length == 0)
                    reachable = [0];
                previous = [.. Enumerable.Range(0, hidden[l]).Select(unit => reachable[unit % reachable.Length])];
            }
            else
            {
                previous = [.. Enumerable.Range(0, features * outputsPerFeature).Select(o => Array.FindIndex(groups, group => Key(group) == Key(rows[o / outputsPerFeature])))];
            }

            masks.Add([.. previous.SelectMany(group => byGroup[group])]);
        }

        return [.. masks];
    }

    private static double[] Layer(MaskedMlp<double> network, int layer, double[] inputs, bool isLast)
    {
        var weight = new double[network.Parameters[2 * layer].Length];
        network.Parameters[2 * layer].Read(weight);
        var bias = new double[network.Parameters[(2 * layer) + 1].Length];
        network.Parameters[(2 * layer) + 1].Read(bias);
        var mask = network.Mask(layer);
        var result = new double[bias.Length];
        for (var o = 0; o < result.Length; o++)
        {
            var sum = bias[o];
            for (var i = 0; i < inputs.Length; i++)
                sum += mask[(o * inputs.Length) + i] ? weight[(o * inputs.Length) + i] * inputs[i] : 0;
            result[o] = isLast ? sum : Math.Tanh(sum);
        }

        return result;
    }

    private static double[] Evaluate(MaskedMlp<double> network, double[] x, double[] context, int rows)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(rows, record: false);
        var order = network.Order;
        var y = network.Apply(tape.Input(x, order.Features), order.ContextFeatures == 0 ? default : tape.Input(context, order.ContextFeatures));
        var values = new double[rows * y.Columns];
        tape.ReadValue(y, values);
        return values;
    }
}
