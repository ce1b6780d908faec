using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Tests.Training;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Data sets and parts of a single row: one row is a row, and not every row's.</summary>
[TestFixture]
internal sealed class OneRowTests
{
    [Test]
    public void Every_row_of_a_small_set_is_in_one_part_with_its_own_numbers([Range(2, 14)] int count, [Values] bool shuffle)
    {
        var (training, validation) = Data(count, shuffle).Split(0.1, seed: 3);
        var rows = new List<(double, double, double, double, double)>();
        foreach (var part in (ArrayData<double>[])[training, validation])
        {
            var (x, context, nuisances, weights) = (new double[2 * part.Count], new double[part.Count], new double[part.Count], new double[part.Count]);
            part.Fill(Request(part.Count), x, context, nuisances, weights);
            for (var row = 0; row < part.Count; row++)
                rows.Add((x[2 * row], x[(2 * row) + 1], context[row], nuisances[row], weights[row]));
        }

        Assert.That(validation.Count, Is.EqualTo(1));
        Assert.That(rows.Order(), Is.EqualTo(Enumerable.Range(0, count).Select(Row)));
    }

    [Test]
    public void A_shared_context_stays_every_part_s([Range(2, 5)] int count)
    {
        var x = Enumerable.Range(0, count).Select(row => (double)row).ToArray();
        var (training, validation) = new ArrayData<double>(x, 1, (double[])[7], 1, (double[])[8, 9], 2).Split(0.1, seed: 3);
        foreach (var part in (ArrayData<double>[])[training, validation])
        {
            var (own, context, nuisances) = (new double[part.Count], new double[part.Count], new double[2 * part.Count]);
            part.Fill(Request(part.Count), own, context, nuisances, new double[part.Count]);
            Assert.That(context, Is.All.EqualTo(7));
            Assert.That(nuisances, Is.EqualTo(Enumerable.Repeat((double[])[8, 9], part.Count).SelectMany(row => row)));
        }
    }

    [Test]
    public void A_part_of_a_part_has_its_own_row([Values(0, 1)] int index)
    {
        // Three rows, then two, then one each.
        var (two, one) = Data(3, shuffle: true).Split(0.1, seed: 1);
        var (first, second) = two.Split(0.5, seed: 2);
        var seen = new List<double>();
        foreach (var part in (ArrayData<double>[])[one, first, second])
        {
            var x = new double[2];
            part.Fill(Request(1), x, new double[1], new double[1], new double[1]);
            seen.Add(x[index]);
        }

        Assert.That(seen.Order(), Is.EqualTo(Enumerable.Range(0, 3).Select(row => index == 0 ? Row(row).Item1 : Row(row).Item2).Order()));
    }

    [Test]
    public void Held_out_and_training_losses_of_a_fit_add_up_to_those_of_all_rows([Range(2, 14)] int count)
    {
        var data = Data(count, shuffle: true);
        using var model = new ShiftScaleModel(Device.Cpu, 2, 1, 1);
        var (x, context, nuisances) = (new double[2 * count], new double[count], new double[count]);
        var weights = new double[count];
        Data(count, shuffle: false).Fill(Request(count), x, context, nuisances, weights);
        var densities = new double[count];
        model.LogDensity(x, new(context, nuisances), densities);

        // A rate of 0: the model stays what it is.
        var options = new TrainingOptions { Epochs = 1, BatchSize = count, Optimiser = OptimiserSettings.Sgd(0), EarlyStopping = null, Seed = 6 };
        var result = model.Fit(data, options);
        var (training, validation) = data.Split(options.ValidationFraction, options.Seed);
        Assert.Multiple(() =>
        {
            // Sums of at most 14 terms of order one.
            Assert.That(result.ValidationLoss * WeightOf(validation), Is.EqualTo(LossOf(validation)).Within(1e-12));
            Assert.That(result.TrainLoss * WeightOf(training), Is.EqualTo(LossOf(training)).Within(1e-12));
            Assert.That(
                (result.ValidationLoss * WeightOf(validation)) + (result.TrainLoss * WeightOf(training)),
                Is.EqualTo(-Enumerable.Range(0, count).Sum(row => weights[row] * densities[row])).Within(1e-12));
        });

        double WeightOf(ArrayData<double> part) => Filled(part).Sum(row => weights[row]);

        double LossOf(ArrayData<double> part) => -Filled(part).Sum(row => weights[row] * densities[row]);

        // Which rows a part has, by their first feature.
        int[] Filled(ArrayData<double> part)
        {
            var own = new double[2 * part.Count];
            part.Fill(Request(part.Count), own, new double[part.Count], new double[part.Count], new double[part.Count]);
            return [.. Enumerable.Range(0, part.Count).Select(row => Enumerable.Range(0, count).Single(other => x[2 * other] == own[2 * row]))];
        }
    }

    [Test]
    public void One_row_is_trained_on_as_it_is()
    {
        using var model = new ShiftScaleModel(Device.Cpu, 2, 1, 1);
        var (x0, x1, context, nuisance, weight) = Row(4);
        var data = new ArrayData<double>((double[])[x0, x1], 2, (double[])[context], 1, (double[])[nuisance], 1, (double[])[weight]);
        var expected = new double[1];
        model.LogDensity([x0, x1], new([context], [nuisance]), expected);
        var result = model.Fit(data, new TrainingOptions { Epochs = 1, Optimiser = OptimiserSettings.Sgd(0) });
        Assert.That(result.TrainLoss, Is.EqualTo(-expected[0]).Within(1e-14));
    }

    private static (double, double, double, double, double) Row(int row) => (0.25 * row, 1 - (0.125 * row), 0.5 - row, 0.75 * row, 1 + (0.5 * row));

    private static ArrayData<double> Data(int count, bool shuffle)
    {
        var rows = Enumerable.Range(0, count).Select(Row).ToArray();
        return new ArrayData<double>(
            rows.SelectMany(row => (double[])[row.Item1, row.Item2]).ToArray(),
            2,
            rows.Select(row => row.Item3).ToArray(),
            1,
            rows.Select(row => row.Item4).ToArray(),
            1,
            rows.Select(row => row.Item5).ToArray())
        {
            Shuffle = shuffle,
        };
    }

    private static BatchRequest Request(int rows) => new(BatchPurpose.Training, 0, 0, rows, 0, rows, new RandomStream(9));
}
