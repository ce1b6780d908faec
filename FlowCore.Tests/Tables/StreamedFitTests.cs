using System.Numerics.Tensors;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;
using Tables;

namespace FlowCore.Tests.Tables;

/// <summary>Fits to rows from a scratch file: of every support, with weights, context and rows that are left out.</summary>
[TestFixture]
internal sealed class StreamedFitTests
{
    private const int Rows = 3000;
    private const int Features = 5;
    private const int Width = Features + 2;

    private static readonly Support[] _supports =
        [Support.Circle(0, 2 * Math.PI), Support.Integers, Support.Interval(-1, 1), Support.Above(-2), Support.Real];

    private static readonly TableColumns _columns = new([0, 1, 2, 3, 4]) { Context = [5], Weight = 6 };

    private static DensityFitOptions Options => new()
    {
        Log = null,
        Supports = _supports,
        ReadyMade = "affine",
        Training = new TrainingOptions { Epochs = 2, BatchSize = 256 },
    };

    [Test]
    public void The_charts_are_those_of_the_same_rows_in_memory()
    {
        using var folder = new TableFolder();
        var rows = Made();
        using var table = Open(folder, rows, isSmall: true);
        using var data = TableData<double>.Load(table, _columns);
        using var streamed = Density.Fit(data, data, Features, 1, out var fromStream, Options);

        var whole = rows.Where((_, row) => !IsHole(row)).ToArray();
        var x = whole.SelectMany(row => row[..Features]).ToArray();
        var context = whole.Select(row => row[Features]).ToArray();
        var weights = whole.Select(row => row[Features + 1]).ToArray();
        using var held = Density.Fit(
            new ReadOnlyTensorSpan<double>(x, [whole.Length, Features]), out var fromMemory, new ReadOnlyTensorSpan<double>(context, [whole.Length, 1]), new ReadOnlyTensorSpan<double>(weights), Options);
        Assert.Multiple(() =>
        {
            Assert.That(data.IsSpooled);
            Assert.That(data.DroppedRows, Is.EqualTo(Rows - whole.Length));
            Assert.That(fromStream.Charts, Is.EqualTo(fromMemory.Charts));
            Assert.That(fromStream.Applied, Is.EqualTo(fromMemory.Applied));
            Assert.That(fromStream.Warnings, Is.EqualTo(fromMemory.Warnings));
            Assert.That(fromStream.Suggestions, Is.EqualTo(fromMemory.Suggestions));
        });
    }

    [Test]
    public void Rows_in_a_scratch_file_give_the_bits_of_rows_in_memory()
    {
        using var folder = new TableFolder();
        var rows = Made();
        var densities = new List<float[]>();
        foreach (var isSmall in (bool[])[true, false])
        {
            using var table = Open(folder, rows, isSmall);
            var (training, validation) = TableData<float>.LoadSplit(table, _columns, 0.1, seed: 2);
            using (training)
            using (validation)
            {
                Assert.That(training.IsSpooled, Is.EqualTo(isSmall));
                using var flow = Density.Fit(training, validation, Features, 1, out _, Options);
                var x = rows[..50].SelectMany(row => row[..Features]).Select(number => (float)number).ToArray();
                var density = new float[50];
                flow.LogDensity(x, new([0.5f], default), density);
                densities.Add(density);
            }
        }

        Assert.That(densities[0], Is.EqualTo(densities[1]));

        // Angles of other turns have no density as they are.
        Assert.That(densities[0], Has.Some.Matches<float>(float.IsFinite));
    }

    [Test]
    public void Rows_without_weight_say_nothing_about_the_charts()
    {
        using var folder = new TableFolder();
        var rows = Made();
        for (var i = 0; i < Rows; i += 2)
            (rows[i][4], rows[i][6]) = (1000, 0);
        using var table = Open(folder, rows, isSmall: true);
        using var data = TableData<float>.Load(table, _columns);
        using var flow = Density.Fit(data, data, Features, 1, out var result, Options);

        // The median of 1500 normal numbers about 10 is known to 0.03.
        Assert.That(result.Charts[4].Location, Is.EqualTo(10).Within(0.2));
        Assert.That(result.Warnings.Where(warning => warning.Feature == 4), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Angles_of_several_turns_are_warned_of_with_their_number(bool isStreamed)
    {
        // 0, 0.01, ... 9.99: 371 of them are above 2π = 6.2832.
        var x = Enumerable.Range(0, 1000).Select(i => 0.01 * i).ToArray();
        var options = new DensityFitOptions { Log = null, Supports = [Support.Circle(0, 2 * Math.PI)], ReadyMade = "affine", Training = new TrainingOptions { Epochs = 1 } };
        var data = new ArrayData<double>(x, 1);
        DensityFitResult result;
        if (isStreamed)
            Density.Fit(data, data, 1, 0, out result, options).Dispose();
        else
            Density.Fit(new ReadOnlyTensorSpan<double>(x), out result, options: options).Dispose();
        var warning = result.Warnings.Single(warning => warning.Kind == TrainingWarningKind.SeveralTurns);
        Assert.That(warning.Text, Does.Contain("371 of 1000 rows lie outside of the turn from 0 to 6.28319, from 0 to 9.99, more than one turn"));
    }

    [Test]
    public void Angles_of_another_turn_are_said_but_not_warned_of()
    {
        var x = Enumerable.Range(0, 600).Select(i => (0.01 * i) - 3).ToArray();
        var options = new DensityFitOptions { Log = null, Supports = [Support.Circle(0, 2 * Math.PI)], ReadyMade = "affine", Training = new TrainingOptions { Epochs = 1 } };
        using var flow = Density.Fit(new ReadOnlyTensorSpan<double>(x), out var result, options: options);
        Assert.That(result.Warnings.Select(warning => warning.Kind), Does.Not.Contain(TrainingWarningKind.SeveralTurns));
        Assert.That(result.Applied, Has.One.Contains("300 of 600 rows lie outside of the turn from 0 to 6.28319 and are taken by whole turns into it;"));
    }

    [Test]
    public void A_scale_that_single_precision_does_not_hold_is_an_error_that_names_the_feature()
    {
        // Subnormal: deviations of 3e-41.
        var x = Enumerable.Range(0, 200).SelectMany(i => new[] { i, i * 1e-42f }).ToArray();
        var options = new DensityFitOptions { Log = null, FeatureNames = ["a", "cross section"] };
        Assert.That(
            () => Density.Fit(new ReadOnlyTensorSpan<float>(x, [200, 2]), options: options),
            Throws.ArgumentException.With.Message.StartsWith("Expected a scale that numbers of single precision hold in feature 'cross section', got a deviation of"));
    }

    [Test]
    public void Whole_numbers_too_large_to_be_spread_are_not_suggested()
    {
        var x = Enumerable.Range(0, 200).SelectMany(i => new[] { (i % 20) + 0.0, 1e30 + (i * 1e28) }).ToArray();
        var survey = DataSurvey.Of<double>(x, 2, default);
        Assert.That(survey.Columns[1].IsInteger);
        Assert.That(SupportSuggestion.Of(survey.Columns[0])!.Support, Is.EqualTo(Support.Integers));
        Assert.That(SupportSuggestion.Of(survey.Columns[1])?.Support, Is.Not.EqualTo(Support.Integers));
    }

    private static bool IsHole(int row) => row % 500 == 7;

    // An angle of three turns about the circle's, a whole number, a share, a positive number, a normal one; context; weight.
    private static double[][] Made()
    {
        var rows = new double[Rows][];
        var normal = new double[Width];
        for (var i = 0; i < Rows; i++)
        {
            new RandomStream(4).FillNormal<double>(normal, (ulong)(i * Width));
            rows[i] = [3 * normal[0], Math.Floor(3 * Math.Abs(normal[1])), Math.Tanh(normal[2]), Math.Exp(normal[3]) - 2, 10 + normal[4], normal[5], 0.5 + Math.Abs(normal[6])];
            for (var j = 0; j < Width; j++)
                rows[i][j] = (float)rows[i][j];
        }

        return rows;
    }

    private static Table Open(TableFolder folder, double[][] rows, bool isSmall)
    {
        var numbers = rows.SelectMany((row, i) => IsHole(i) ? [double.NaN, .. row[1..]] : row).ToArray();
        return Table.Open(folder.Npy("t.npy", [rows.Length, Width], numbers), new TableOptions { Missing = MissingValues.Drop, MemoryLimit = isSmall ? 1 << 16 : null });
    }
}
