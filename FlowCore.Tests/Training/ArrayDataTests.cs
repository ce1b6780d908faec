using System.Numerics.Tensors;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class ArrayDataTests
{
    private const int Count = 103;

    [Test]
    public void An_epoch_holds_every_row_once_with_its_own_context_nuisances_and_weight()
    {
        var rows = Epoch(Numbered(), 0, 1);
        Assert.That(rows.Select(r => r.Id).Order(), Is.EqualTo(Enumerable.Range(0, Count)));
        foreach (var (id, context, nuisance, weight) in rows)
        {
            Assert.That(context, Is.EqualTo(id + 0.25));
            Assert.That(nuisance, Is.EqualTo(id + 0.5));
            Assert.That(weight, Is.EqualTo(id + 1));
        }
    }

    [Test]
    public void Every_epoch_and_every_seed_has_its_own_order()
    {
        var data = Numbered();
        var first = Ids(data, 0, 1);
        Assert.Multiple(() =>
        {
            Assert.That(Ids(data, 1, 1), Is.Not.EqualTo(first));
            Assert.That(Ids(data, 0, 2), Is.Not.EqualTo(first));
            Assert.That(Ids(data, 0, 1), Is.EqualTo(first));
            Assert.That(first, Is.Not.EqualTo(Enumerable.Range(0, Count)));
        });
    }

    [Test]
    public void The_rows_do_not_depend_on_how_a_batch_is_cut()
    {
        var data = Numbered();
        var whole = Ids(data, 3, 7);
        for (var piece = 1; piece < 12; piece++)
        {
            var ids = new List<int>();
            for (var start = 0; start < Count; start += piece)
                ids.AddRange(Rows(data, Request(BatchPurpose.Training, 3, 7, start, Math.Min(piece, Count - start))).Select(r => r.Id));
            Assert.That(ids, Is.EqualTo(whole), $"pieces of {piece}");
        }
    }

    [Test]
    public void Workers_may_fill_different_epochs_at_once()
    {
        var data = Numbered();
        var expected = Enumerable.Range(0, 8).Select(epoch => Ids(data, epoch, 1)).ToArray();
        Parallel.For(0, 400, i => Assert.That(Ids(data, i % 8, 1), Is.EqualTo(expected[i % 8])));
    }

    [Test]
    public void A_validation_takes_the_rows_as_they_lie()
    {
        var ids = Rows(Numbered(), Request(BatchPurpose.Validation, 0, 1, 0, Count)).Select(r => r.Id);
        Assert.That(ids, Is.EqualTo(Enumerable.Range(0, Count)));
    }

    [Test]
    public void Without_shuffling_training_does_too()
    {
        double[] rows = [0, 1, 2];
        var x = new double[3];
        new ArrayData<double>(rows, 1) { Shuffle = false }.Fill(Request(BatchPurpose.Training, 5, 1, 0, 3), x, [], [], new double[3]);
        Assert.That(x, Is.EqualTo(rows));
    }

    [Test]
    public void A_split_is_disjoint_complete_and_seeded()
    {
        var (training, validation) = Numbered().Split(0.2, seed: 4);
        var (again, _) = Numbered().Split(0.2, seed: 4);
        var (other, _) = Numbered().Split(0.2, seed: 5);
        var held = Rows(validation, Request(BatchPurpose.Validation, 0, 1, 0, validation.Count));
        var kept = Epoch(training, 0, 1);
        Assert.Multiple(() =>
        {
            Assert.That(validation.Count, Is.EqualTo(21));
            Assert.That(held.Concat(kept).Select(r => r.Id).Order(), Is.EqualTo(Enumerable.Range(0, Count)));
            Assert.That(held.Concat(kept).All(r => r.Weight == r.Id + 1 && r.Context == r.Id + 0.25), Is.True);
            Assert.That(Ids(again, 0, 1), Is.EqualTo(kept.Select(r => r.Id)));
            Assert.That(Ids(other, 0, 1).Order(), Is.Not.EqualTo(kept.Select(r => r.Id).Order()));
        });
    }

    [Test]
    public void One_context_row_serves_all_rows()
    {
        double[] rows = [1, 2, 3];
        double[] shared = [7, 8];
        var data = new ArrayData<double>(rows, 1, shared, 2);
        foreach (var purpose in (BatchPurpose[])[BatchPurpose.Training, BatchPurpose.Validation])
        {
            var context = new double[6];
            data.Fill(Request(purpose, 0, 1, 0, 3), new double[3], context, [], new double[3]);
            Assert.That(context, Is.EqualTo((double[])[7, 8, 7, 8, 7, 8]));
        }
    }

    [Test]
    public void Tensors_are_copied()
    {
        float[] numbers = [1, 2, 3, 4, 5, 6];
        var data = ArrayData<float>.Copy(Tensor.Create(numbers, [3, 2]));
        numbers[0] = 100;
        var x = new float[6];
        data.Fill(Request(BatchPurpose.Validation, 0, 1, 0, 3), x, [], [], new float[3]);
        Assert.That(data.Features, Is.EqualTo(2));
        Assert.That(x, Is.EqualTo((float[])[1, 2, 3, 4, 5, 6]));
    }

    [Test]
    public void Moments_are_weighted_and_do_not_cancel()
    {
        double[] rows = [1e8 + 1, -1, 1e8 + 3, 5, 1e8 + 100, 77];
        double[] weights = [3, 1, 0];
        var mean = new double[2];
        var deviation = new double[2];
        new ArrayData<double>(rows, 2, weights: weights).Moments(mean, deviation);
        // Three times (1, −1) and once (3, 5), the third row has no weight.
        Assert.Multiple(() =>
        {
            Assert.That(mean, Is.EqualTo((double[])[1e8 + 1.5, 0.5]).Within(1e-7));
            Assert.That(deviation, Is.EqualTo((double[])[Math.Sqrt(0.75), Math.Sqrt(6.75)]).Within(1e-7));
        });
    }

    [Test]
    public void Bad_rows_are_refused_with_their_place()
    {
        double[] good = [1, 2, 3, 4];
        Assert.Multiple(() =>
        {
            Assert.That(() => new ArrayData<double>((double[])[1, 2, double.NaN, 4], 2), Throws.ArgumentException.With.Message.Contains("row 1, column 0"));
            Assert.That(() => new ArrayData<double>(good, 3), Throws.ArgumentException.With.Message.Contains("4 numbers"));
            Assert.That(() => new ArrayData<double>(good, 2, (double[])[1, 2, 3], 1), Throws.ArgumentException.With.Property("ParamName").EqualTo("context"));
            Assert.That(() => new ArrayData<double>(good, 2, (double[])[1, 2], 0), Throws.ArgumentException);
            Assert.That(() => new ArrayData<double>(good, 2, (double[])[1, double.PositiveInfinity], 1), Throws.ArgumentException.With.Message.Contains("row 1"));
            Assert.That(() => new ArrayData<double>(good, 2, weights: (double[])[1]), Throws.ArgumentException.With.Property("ParamName").EqualTo("weights"));
            Assert.That(() => new ArrayData<double>(good, 2, weights: (double[])[1, -1]), Throws.ArgumentException.With.Message.Contains("row 1"));
            Assert.That(() => new ArrayData<double>(good, 2, weights: (double[])[0, 0]), Throws.ArgumentException.With.Message.Contains("zeros alone"));
            Assert.That(() => new ArrayData<double>(default, 2), Throws.ArgumentException);
            Assert.That(() => new ArrayData<double>(good, 2).Split(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new ArrayData<double>(good, 4).Split(0.5, 0), Throws.InvalidOperationException);
        });
    }

    private static ArrayData<double> Numbered()
    {
        var x = new double[Count * 2];
        var context = new double[Count];
        var nuisances = new double[Count];
        var weights = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            x[2 * i] = i;
            x[(2 * i) + 1] = -i;
            context[i] = i + 0.25;
            nuisances[i] = i + 0.5;
            weights[i] = i + 1;
        }

        return new ArrayData<double>(x, 2, context, 1, nuisances, 1, weights);
    }

    private static BatchRequest Request(BatchPurpose purpose, int epoch, ulong seed, int first, int count) =>
        new(purpose, epoch, 0, 1000, first, count, new RandomStream(seed));

    private static List<(int Id, double Context, double Nuisance, double Weight)> Epoch(ArrayData<double> data, int epoch, ulong seed) =>
        Rows(data, Request(BatchPurpose.Training, epoch, seed, 0, data.Count));

    private static int[] Ids(ArrayData<double> data, int epoch, ulong seed) => [.. Epoch(data, epoch, seed).Select(r => r.Id)];

    private static List<(int Id, double Context, double Nuisance, double Weight)> Rows(ArrayData<double> data, BatchRequest request)
    {
        var n = request.RowCount;
        var x = new double[2 * n];
        var context = new double[n];
        var nuisances = new double[n];
        var weights = new double[n];
        data.Fill(request, x, context, nuisances, weights);
        var rows = new List<(int, double, double, double)>();
        for (var i = 0; i < n; i++)
        {
            Assert.That(x[(2 * i) + 1], Is.EqualTo(-x[2 * i]));
            rows.Add(((int)x[2 * i], context[i], nuisances[i], weights[i]));
        }

        return rows;
    }
}
