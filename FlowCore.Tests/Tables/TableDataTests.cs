using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;
using Tables;

namespace FlowCore.Tests.Tables;

[TestFixture]
internal sealed class TableDataTests
{
    // 20 bytes a row: blocks of 8192 rows, so that there are several, and the last is short.
    private const int Rows = 30_011;

    // Rows of 600 kB do not fit a quarter of it.
    private static readonly TableOptions _small = new() { MemoryLimit = 1 << 20 };

    [Test]
    public void An_epoch_has_every_row_once_in_an_order_that_seed_and_epoch_decide_and_memory_does_not([Values(false, true)] bool isSpooled)
    {
        using var folder = new TableFolder();
        using var table = Table.Open(Write(folder), isSpooled ? _small : null);
        using var data = TableData<float>.Load(table, new TableColumns([0, 1]) { Context = [2], Weight = 4, Nuisances = [3] });
        using var again = TableData<float>.Load(table, new TableColumns([0, 1]) { Context = [2], Weight = 4, Nuisances = [3] });
        Assert.That(data.IsSpooled, Is.EqualTo(isSpooled));
        using var whole = Table.Open(folder["t.npy"]);
        using var inMemory = TableData<float>.Load(whole, new TableColumns([0, 1]) { Context = [2], Weight = 4, Nuisances = [3] });
        var first = Epoch(data, 0, pieces: 3);
        Assert.Multiple(() =>
        {
            Assert.That(first.Order(), Is.EqualTo(Enumerable.Range(0, Rows).Select(row => (float)row)));
            Assert.That(first, Is.Not.Ordered);
            Assert.That(Epoch(data, 1, pieces: 1), Is.Not.EqualTo(first));
            Assert.That(Epoch(again, 0, pieces: 1), Is.EqualTo(first));

            // Whatever the memory limit is.
            Assert.That(first, Is.EqualTo(Epoch(inMemory, 0, pieces: 1)));
        });
    }

    [Test]
    public void The_parts_of_a_split_have_no_common_row_and_number_theirs_as_the_table_does([Values(false, true)] bool isSpooled)
    {
        using var folder = new TableFolder();
        using var table = Table.Open(Write(folder), isSpooled ? _small : null);
        var (training, validation) = TableData<double>.LoadSplit(table, new TableColumns([0, 1]), 0.2, seed: 3);
        using (training)
        using (validation)
        {
            var all = new List<double>();
            foreach (var part in new[] { training, validation })
            {
                var x = new double[2 * part.Count];
                var request = new BatchRequest(BatchPurpose.Validation, 0, 0, (int)part.Count, 0, (int)part.Count, new RandomStream(1));
                part.Fill(request, x, [], [], []);
                for (var i = 0; i < part.Count; i++)
                    all.Add(x[2 * i]);
                Assert.That(part.NumberOf(request, 777), Is.EqualTo((long)x[2 * 777]));
                var shuffled = request with { Purpose = BatchPurpose.Training };
                part.Fill(shuffled, x, [], [], []);
                Assert.That(part.NumberOf(shuffled, 777), Is.EqualTo((long)x[2 * 777]));
            }

            Assert.Multiple(() =>
            {
                Assert.That(all.Order(), Is.EqualTo(Enumerable.Range(0, Rows).Select(row => (double)row)));

                // Of 30011 rows a fifth, give or take 5 deviations of 69.
                Assert.That(validation.Count, Is.EqualTo(Rows / 5).Within(350));
            });
        }
    }

    [Test]
    public void Workers_at_once_get_the_rows_of_one_alone()
    {
        using var folder = new TableFolder();
        using var table = Table.Open(Write(folder), _small);
        using var data = TableData<float>.Load(table, new TableColumns([0]));
        var alone = Epoch(data, 4, pieces: 1, isOneColumn: true);
        var together = new float[Rows];
        Parallel.For(0, Rows / 100, piece =>
        {
            var request = new BatchRequest(BatchPurpose.Training, 4, 0, Rows, 100 * piece, 100, new RandomStream(11));
            data.Fill(request, together.AsSpan(100 * piece, 100), [], [], []);
        });
        Assert.That(together[..(Rows / 100 * 100)], Is.EqualTo(alone[..(Rows / 100 * 100)]));
    }

    [Test]
    public void A_scratch_file_has_no_name_while_it_is_used()
    {
        using var folder = new TableFolder();
        Directory.CreateDirectory(folder["scratch"]);
        using var table = Table.Open(Write(folder), _small with { ScratchFolder = folder["scratch"] });
        using var data = TableData<float>.Load(table, new TableColumns([0, 1, 2]));
        Assert.That(data.IsSpooled);
        if (!OperatingSystem.IsWindows())
            Assert.That(Directory.GetFiles(folder["scratch"]), Is.Empty);
    }

    [Test]
    public void Weights_below_zero_and_zeros_alone_are_refused()
    {
        using var folder = new TableFolder();
        using var negative = Table.Open(folder.Text("a.csv", "x,w\n1,1\n2,-1\n"));
        using var zeros = Table.Open(folder.Text("b.csv", "x,w\n1,0\n2,0\n"));
        var columns = new TableColumns([0]) { Weight = 1 };
        Assert.Multiple(() =>
        {
            Assert.That(() => TableData<float>.Load(negative, columns), Throws.TypeOf<TableException>().With.Message.Contains("column 'w', got -1 in line 3"));
            Assert.That(() => TableData<float>.Load(zeros, columns), Throws.TypeOf<TableException>().With.Message.Contains("zeros alone"));
            Assert.That(() => TableData<float>.Load(zeros, new TableColumns([])), Throws.ArgumentException);
        });
    }

    [Test]
    public void A_density_fitted_to_a_stream_has_the_same_bits_whatever_fits_the_memory()
    {
        using var folder = new TableFolder();
        var normal = new double[2 * 3000];
        new RandomStream(5).FillNormal<double>(normal);
        using (var writer = TableWriter.Create(folder["t.parquet"], ["u", "v"], isSingle: true))
        {
            for (var i = 0; i < 3000; i++)
                normal[(2 * i) + 1] = 100 + (3 * normal[2 * i]) + normal[(2 * i) + 1];
            writer.Write(normal);
            writer.Complete();
        }

        var options = new DensityFitOptions { Log = null, Training = new TrainingOptions { Epochs = 2, BatchSize = 256 } };
        var losses = new double[2];
        for (var k = 0; k < 2; k++)
        {
            using var table = Table.Open(folder["t.parquet"], new TableOptions { MemoryLimit = k == 0 ? 200_000 : null });
            var (training, validation) = TableData<float>.LoadSplit(table, new TableColumns([1]) { Context = [0] }, 0.1, 1);
            using (training)
            using (validation)
            using (var flow = Density.Fit(training, validation, 1, 1, out var result, options))
            {
                losses[k] = result.Training.BestValidationLoss;
                Assert.That(flow.ContextFeatures, Is.EqualTo(1));
            }
        }

        // −∫ p ln p of the normal noise that is left of v given u is 1.42, and 2.57 that of v alone: two epochs are on their way between them.
        Assert.Multiple(() =>
        {
            Assert.That(losses[0], Is.EqualTo(losses[1]));
            Assert.That(losses[0], Is.InRange(1.3, 2.2));
        });
    }

    // Row i is i, 2i, 3i, 4i, 1.
    private static string Write(TableFolder folder)
    {
        using var writer = TableWriter.Create(folder["t.npy"], ["a", "b", "c", "d", "w"]);
        var rows = new double[5 * Rows];
        for (var i = 0; i < Rows; i++)
            (rows[5 * i], rows[(5 * i) + 1], rows[(5 * i) + 2], rows[(5 * i) + 3], rows[(5 * i) + 4]) = (i, 2 * i, 3 * i, 4 * i, 1);
        writer.Write(rows);
        writer.Complete();
        return folder["t.npy"];
    }

    // The first feature of every row of an epoch, in its order; where all columns are there, they are those of the row.
    private static float[] Epoch(TableData<float> data, int epoch, int pieces, bool isOneColumn = false)
    {
        const int Batch = 1000;
        var all = new float[Rows];
        for (var start = 0; start < Rows; start += Batch)
        {
            var rows = Math.Min(Batch, Rows - start);
            for (var piece = 0; piece < pieces; piece++)
            {
                var (from, to) = (rows * piece / pieces, rows * (piece + 1) / pieces);
                var count = to - from;
                var request = new BatchRequest(BatchPurpose.Training, epoch, start / Batch, Batch, from, count, new RandomStream(11));
                if (isOneColumn)
                {
                    data.Fill(request, all.AsSpan(start + from, count), [], [], []);
                    continue;
                }

                var (x, context, nuisances, weights) = (new float[2 * count], new float[count], new float[count], new float[count]);
                data.Fill(request, x, context, nuisances, weights);
                for (var i = 0; i < count; i++)
                {
                    all[start + from + i] = x[2 * i];
                    if ((x[(2 * i) + 1], context[i], nuisances[i], weights[i]) != (2 * x[2 * i], 3 * x[2 * i], 4 * x[2 * i], 1f))
                        Assert.Fail($"The columns of row {x[2 * i]} are not its own.");
                }
            }
        }

        return all;
    }
}
