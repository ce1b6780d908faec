using FlowCore.Compute;
using FlowCore.Encoders;
using FlowCore.Gpu;
using FlowCore.Networks;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Encoders;

/// <summary>Encoders of ragged events: whose bits are whose, the order of items, what stands behind an event's items.</summary>
[TestFixture]
internal sealed class DeepSetTests
{
    // More than two blocks of a processor.
    private const int Count = 600;

    [Test]
    public void The_bits_of_an_event_do_not_depend_on_the_events_of_its_block()
    {
        var (events, y) = EventExamples.Draw(Count, seed: 3);
        using var model = EventExamples.Model();
        Check(model);
        using var single = (ConditionalFlow<float>)model.ConvertTo<float>();
        Check(single);

        void Check<T>(ConditionalFlow<T> tested)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var rows = RowsOf<T>(events);
            var ys = Array.ConvertAll(y, T.CreateTruncating);
            var columns = EventExamples.Layout.Columns;
            var all = new T[Count];
            tested.LogDensity(ys, rows, all);
            var order = new int[Count];
            new RandomStream(7).FillPermutation(order);
            var (shuffledRows, shuffledY, shuffled) = (new T[rows.Length], new T[ys.Length], new T[Count]);
            for (var i = 0; i < Count; i++)
            {
                rows.AsSpan(order[i] * columns, columns).CopyTo(shuffledRows.AsSpan(i * columns));
                ys.AsSpan(2 * order[i], 2).CopyTo(shuffledY.AsSpan(2 * i));
            }

            tested.LogDensity(shuffledY, shuffledRows, shuffled);
            for (var i = 0; i < Count; i++)
                Assert.That(shuffled[i], Is.EqualTo(all[order[i]]), $"event {order[i]} among others");
            var one = new T[1];
            for (var i = 0; i < 20; i++)
            {
                tested.LogDensity(ys.AsSpan(2 * i, 2), rows.AsSpan(i * columns, columns), one);
                Assert.That(one[0], Is.EqualTo(all[i]), $"event {i} alone");
            }
        }
    }

    [Test]
    public void The_order_of_the_items_means_nothing_beyond_roundings()
    {
        var (events, y) = EventExamples.Draw(Count, seed: 4);
        using var model = EventExamples.Model();
        var (all, reversed) = (new double[Count], new double[Count]);
        model.LogDensity(y, RowsOf<double>(events), all);
        var turned = Array.ConvertAll(events, items => Enumerable.Range(0, items.Length / 2).Reverse().SelectMany(i => items.AsSpan(2 * i, 2).ToArray()).ToArray());
        model.LogDensity(y, RowsOf<double>(turned), reversed);

        // Sums of up to seven numbers of order one, through a small network.
        Assert.That(reversed, Is.EqualTo(all).Within(1e-12));
    }

    [Test]
    public void What_stands_behind_the_items_reaches_nothing()
    {
        var (events, y) = EventExamples.Draw(40, seed: 5);
        using var model = EventExamples.Model();
        var rows = RowsOf<double>(events);
        var spoiled = (double[])rows.Clone();
        var columns = EventExamples.Layout.Columns;
        for (var i = 0; i < 40; i++)
            spoiled.AsSpan(((i + 1) * columns) - (2 * EventExamples.Layout.MaximumItems) + events[i].Length, (2 * EventExamples.Layout.MaximumItems) - events[i].Length).Fill(double.NaN);
        var (clean, dirty, dx, dcontext) = (new double[40], new double[40], new double[80], new double[rows.Length]);
        model.LogDensity(y, rows, clean);
        Assert.That(() => model.LogDensity(y, spoiled, dirty), Throws.ArgumentException.With.Message.Contains("row"), "refused by default");
        model.AllowNonFinite = true;
        model.LogDensityGradient(y, spoiled, dirty, dx, dcontext);
        Assert.Multiple(() =>
        {
            Assert.That(dirty, Is.EqualTo(clean));
            Assert.That(dx, Has.All.Matches<double>(double.IsFinite));
            Assert.That(dcontext, Has.All.Matches<double>(double.IsFinite));
        });
        for (var i = 0; i < 40; i++)
            Assert.That(dcontext.AsSpan((i * columns) + 1 + events[i].Length, columns - 1 - events[i].Length).IndexOfAnyExcept(0.0), Is.EqualTo(-1));
    }

    [Test]
    public void An_event_is_pooled_as_the_formula_says()
    {
        // φ doubles, ρ hands on: mean, ln(1 + n), maximum, sum over N.
        var layout = new RaggedLayout(4, 1);
        var items = Linear([2], 1, "items");
        var events = Linear([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], 4, "events");
        var encoder = new DeepSetEncoder<double>(layout, items, events, withMaximum: true, withSum: true);
        using var model = GaussianHeads.MeanOnly(encoder, features: 1);
        var codes = model.Encode([3, -1, -2, -6, 99, 0, 7, 7, 7, 7]);
        Assert.That(codes, Is.EqualTo(new[] { -6, Math.Log(4), -2, -4.5, 0, 0, 0, 0 }).Within(1e-15));
    }

    [Test]
    public void Numbers_of_items_that_cannot_be_are_refused([Values(-1, 7.5, 8)] double count)
    {
        var rows = new double[EventExamples.Layout.Columns];
        rows[0] = count;
        using var model = EventExamples.Model();
        Assert.That(() => model.LogDensity([0.0, 0.0], rows, new double[1]), Throws.ArgumentException.With.Message.Contains("number of items from 0 to 7").And.Message.Contains("row 0"));
    }

    [Test]
    public void A_wrong_shape_names_its_network()
    {
        var layout = new RaggedLayout(4, 3);
        var items = new Mlp<double>([2, 5], UnaryFunction.Silu, "a");
        Assert.That(() => new DeepSetEncoder<double>(layout, items, items), Throws.ArgumentException.With.Message.Contains("network of the items").And.Message.Contains("3 inputs"));
        items = new Mlp<double>([3, 5], UnaryFunction.Silu, "a");
        var events = new Mlp<double>([6, 4], UnaryFunction.Silu, "b");
        Assert.That(() => new DeepSetEncoder<double>(layout, items, events), Throws.Nothing);
        Assert.That(() => new DeepSetEncoder<double>(layout, items, events, withMaximum: true), Throws.ArgumentException.With.Message.Contains("network of the events").And.Message.Contains("11 inputs"));
    }

    [Test]
    public void Events_that_do_not_fit_are_named()
    {
        var events = RaggedEvents<double>.Of([[1, 2], [1, 2, 3, 4, 5, 6]], itemFeatures: 2);
        Assert.Multiple(() =>
        {
            Assert.That(() => events.ToRows(new RaggedLayout(2, 2)), Throws.ArgumentException.With.Message.Contains("event 1"));
            Assert.That(() => events.ToRows(new RaggedLayout(3, 1)), Throws.ArgumentException.With.Message.Contains("items of 2"));
            Assert.That(() => RaggedEvents<double>.Of([[1, 2], [1]], 2), Throws.ArgumentException.With.Message.Contains("event 1"));
            Assert.That(() => RaggedEvents<double>.Of([[1, 2], [1, double.NaN]], 2), Throws.ArgumentException.With.Message.Contains("event 1, item 0, column 1"));
            Assert.That(() => new RaggedEvents<double>(new double[4], 2, new[] { 0, 2, 1, 2 }), Throws.ArgumentException.With.Message.Contains("event 1"));
            Assert.That(() => new RaggedEvents<double>(new double[4], 2, new[] { 0, 1 }), Throws.ArgumentException);
        });
        Assert.That(events.ToRows(new RaggedLayout(3, 2)), Is.EqualTo(new double[] { 1, 1, 2, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6 }));
    }

    [Test]
    public void Warm_calls_allocate_nothing()
    {
        const int Rows = 300;
        using var device = new CpuDevice(1);
        using var start = EventExamples.Model();
        using var model = start.ConvertTo<double>(device);
        var (events, y) = EventExamples.Draw(Rows, seed: 9);
        var rows = RowsOf<double>(events);
        var (values, scalars, dcontext) = (new double[2 * Rows], new double[Rows], new double[rows.Length]);
        Assert.That(
            WarmCall.Allocated(() =>
            {
                model.LogDensity(y, rows, scalars);
                model.Sample(new RandomStream(1), 0, rows, values, scalars);
                model.LogDensityGradient(y, rows, scalars, values, dcontext);
            }),
            Is.Zero);
    }

    // In double sums may come in another order; in single precision fused products as well.
    [Test]
    public void An_accelerator_computes_the_same()
    {
        using var device = GpuDevice.Emulated(new GpuDeviceOptions { BlockRows = 32 });
        using var here = EventExamples.Model();
        var (events, y) = EventExamples.Draw(37, seed: 10);
        Compare<double>(1e-10);
        Compare<float>(1e-3);

        void Compare<T>(double tolerance)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var there = here.ConvertTo<T>(device);
            var rows = RowsOf<double>(events);
            var (expected, found) = (new double[37], new T[37]);
            here.LogDensity(y, rows, expected);
            there.LogDensity(Array.ConvertAll(y, T.CreateTruncating), RowsOf<T>(events), found);
            Assert.That(found.Select(value => double.CreateTruncating(value)), Is.EqualTo(expected).Within(tolerance * (1 + expected.Max(Math.Abs))));
        }
    }

    private static T[] RowsOf<T>(double[][] events)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        RaggedEvents<T>.Of(Array.ConvertAll(events, items => Array.ConvertAll(items, T.CreateTruncating)), 2).ToRows(EventExamples.Layout);

    private static Mlp<double> Linear(double[] weights, int outputs, string name)
    {
        var network = new Mlp<double>([weights.Length / outputs, outputs], UnaryFunction.Identity, name);
        network.Parameters[0].Write(weights);
        network.Parameters[1].Write(new double[outputs]);
        return network;
    }
}
