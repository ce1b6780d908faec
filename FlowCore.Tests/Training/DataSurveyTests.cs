using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class DataSurveyTests
{
    [Test]
    public void A_column_has_the_numbers_that_are_counted_by_hand()
    {
        var column = DataSurvey.Of<double>([3, 1, 4, 1, 5], 1).Columns[0];
        Assert.Multiple(() =>
        {
            Assert.That(column.Count, Is.EqualTo(5));
            Assert.That(column.Mean, Is.EqualTo(2.8).Within(1e-15));

            // Σ (x − 2.8)² = 0.04 + 3.24 + 1.44 + 3.24 + 4.84.
            Assert.That(column.Deviation, Is.EqualTo(Math.Sqrt(12.8 / 5)).Within(1e-15));
            Assert.That((column.Minimum, column.MinimumRow, column.Maximum, column.MaximumRow), Is.EqualTo((1.0, 1, 5.0, 4)));
            Assert.That(column.DistinctValues, Is.EqualTo(4));
            Assert.That(column.RepeatedShare, Is.EqualTo(0.4));
            Assert.That((column.CommonestValue, column.CommonestCount), Is.EqualTo((1.0, 2)));
            Assert.That(column.IsInteger);
            Assert.That(column.IsConstant, Is.False);
            Assert.That(column.Quantile(0.5), Is.EqualTo(3));
            Assert.That(column.Quantile(0.25), Is.EqualTo(1));
            Assert.That(column.Quantile(0.95), Is.EqualTo(4.8).Within(1e-15));
            Assert.That(() => column.Quantile(0.3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void Weights_count_in_the_moments_and_rows_without_weight_nowhere()
    {
        var column = DataSurvey.Of<double>([1, 1000, 3], 1, [3, 0, 1]).Columns[0];
        Assert.That(column.Count, Is.EqualTo(2));
        Assert.That(column.Mean, Is.EqualTo(1.5));
        Assert.That(column.Deviation, Is.EqualTo(Math.Sqrt(0.75)).Within(1e-15));
        Assert.That(column.MaximumRow, Is.EqualTo(2));
    }

    [Test]
    public void A_constant_is_recognised_through_its_roundings()
    {
        var third = new double[] { 0.1 + 0.2, 0.3, 0.3, 0.3 };
        Assert.That(DataSurvey.Of<double>(third, 1).Columns[0].IsConstant, "one rounding apart");
        Assert.That(DataSurvey.Of<float>([0.3f, 0.3f], 1).Columns[0].IsConstant);
        Assert.That(DataSurvey.Of<double>([1, 1 + 1e-12], 1).Columns[0].IsConstant, Is.False, "thousands of roundings apart");
        Assert.That(DataSurvey.Of<double>([0, 1e-300], 1).Columns[0].IsConstant, Is.False, "small is not constant");
    }

    [Test]
    public void Edges_and_tails_tell_densities_apart([Values(500, 5000, 50_000)] int count)
    {
        var (uniform, normal) = (new double[count], new double[count]);
        new RandomStream(1).FillUniform<double>(uniform);
        new RandomStream(2).FillNormal<double>(normal);
        var square = DataSurvey.Of<double>(uniform, 1).Columns[0];
        var bell = DataSurvey.Of<double>(normal, 1).Columns[0];
        var exponential = DataSurvey.Of<double>([.. uniform.Select(u => -Math.Log(1 - u))], 1).Columns[0];
        Assert.Multiple(() =>
        {
            Assert.That((square.HasLowerEdge, square.HasUpperEdge), Is.EqualTo((true, true)));
            Assert.That((bell.HasLowerEdge, bell.HasUpperEdge), Is.EqualTo((false, false)));
            Assert.That((exponential.HasLowerEdge, exponential.HasUpperEdge), Is.EqualTo((true, false)));

            // Quantiles at 1 % of n rows are known to √(0.0099/n)/f, with f the density there: at 500 rows a sixth of the normal one's.
            Assert.That(square.TailWeight, Is.EqualTo(1.96 / 3.449).Within(3 / Math.Sqrt(count)));
            Assert.That(bell.TailWeight, Is.EqualTo(1).Within(8 / Math.Sqrt(count)));
        });
    }

    [Test]
    public void What_is_no_data_is_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => DataSurvey.Of<double>([], 1), Throws.ArgumentException);
            Assert.That(() => DataSurvey.Of<double>([1, 2, 3], 2), Throws.ArgumentException.With.Message.Contains("3 numbers"));
            Assert.That(() => DataSurvey.Of<double>([1, double.NaN], 1), Throws.ArgumentException.With.Message.Contains("row 1, column 0"));
            Assert.That(() => DataSurvey.Of<double>([1, 2], 1, [0, 0]), Throws.ArgumentException.With.Message.Contains("zeros alone"));
            Assert.That(() => DataSurvey.Of<double>([1, 2], 1, [1]), Throws.ArgumentException);
        });
    }
}
