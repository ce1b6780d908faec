using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

[TestFixture]
internal sealed class TensorDataTests
{
    [Test]
    public void Values_come_back_as_they_were_given()
    {
        var tensor = TensorData.Create<float>("w", [2, 2], [1, -2, 3.5f, float.NaN]);

        Assert.That(tensor.ToArray<float>(), Is.EqualTo(new[] { 1, -2, 3.5f, float.NaN }));
        Assert.That(tensor.Count, Is.EqualTo(4));
    }

    [Test]
    public void Every_type_converts_to_double_and_float()
    {
        foreach (var tensor in SampleTensors.OfEveryType())
        {
            var doubles = tensor.ToArray<double>();
            var floats = tensor.ToArray<float>();
            Assert.That(floats, Is.EqualTo(doubles.Select(d => (float)d)), tensor.ToString());
        }

        Assert.That(
            TensorData.Create<bool>("m", [2], [true, false]).ToArray<double>(), Is.EqualTo(new double[] { 1, 0 }));
        Assert.That(
            TensorData.CreateBFloat16("b", [1], [-3.140625f]).ToArray<double>(), Is.EqualTo(new[] { -3.140625 }));
    }

    [Test]
    public void Integers_and_bool_convert_to_long()
    {
        Assert.That(TensorData.Create<byte>("a", [2], [0, 255]).ToArray<long>(), Is.EqualTo(new long[] { 0, 255 }));
        Assert.That(TensorData.Create<bool>("a", [2], [true, false]).ToArray<long>(), Is.EqualTo(new long[] { 1, 0 }));
        Assert.That(
            TensorData.Create<short>("a", [1], [-7]).ToArray<int>(), Is.EqualTo(new[] { -7 }));
    }

    [Test]
    public void Fractions_do_not_convert_to_integers()
    {
        var tensor = TensorData.Create<double>("w", [1], [1.5]);

        Assert.That(
            () => tensor.ToArray<long>(),
            Throws.InvalidOperationException.With.Message.EqualTo("'w' Float64 [1] cannot be read as System.Int64."));
    }

    [Test]
    public void An_integer_out_of_range_is_an_overflow()
    {
        Assert.That(
            () => TensorData.Create<ulong>("w", [1], [ulong.MaxValue]).ToArray<long>(), Throws.TypeOf<OverflowException>());
    }

    [Test]
    public void Bytes_other_than_0_and_1_read_as_true()
    {
        var tensor = new TensorData("m", ElementType.Bool, [3], new byte[] { 0, 1, 7 });

        Assert.That(tensor.ToArray<bool>().Select(b => Convert.ToInt32(b)), Is.EqualTo(new[] { 0, 1, 1 }));
    }

    [Test]
    public void BFloat16_rounds_to_nearest_with_ties_to_even()
    {
        // 1 + 2^-8 lies halfway between 1 and 1 + 2^-7; 1 + 3 2^-8 halfway between 1 + 2^-7 and 1 + 2^-6.
        float[] values = [1f + (1f / 256), 1f + (3f / 256), float.NaN, float.PositiveInfinity, float.MaxValue];

        var read = TensorData.CreateBFloat16("b", [5], values).ToArray<float>();

        Assert.That(read, Is.EqualTo(new[] { 1f, 1f + (1f / 64), float.NaN, float.PositiveInfinity, float.PositiveInfinity }));
    }

    [Test]
    public void Wrong_sizes_are_refused_by_name()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => TensorData.Create<float>("w", [2, 3], new float[5]),
                Throws.ArgumentException.With.Message.Contains("[2, 3]").And.Message.Contains("5"));
            Assert.That(
                () => new TensorData("w", ElementType.Float32, [2], new byte[7]),
                Throws.ArgumentException.With.Message.Contains("Expected 8 bytes for Float32 [2], got 7"));
            Assert.That(
                () => new TensorData("w", ElementType.Float32, [-1], new byte[4]), Throws.ArgumentException);
            Assert.That(
                () => new TensorData("w", ElementType.Float32, [long.MaxValue, 4, 0], Array.Empty<byte>()),
                Throws.ArgumentException);
            Assert.That(
                () => new TensorArchive([TensorData.Create<float>("w", [], [1]), TensorData.Create<float>("w", [], [1])]),
                Throws.ArgumentException.With.Message.Contains("'w'"));
            Assert.That(
                () => new TensorArchive([], [new("key", "\ud800")]),
                Throws.ArgumentException.With.Message.Contains("'key'"));
            Assert.That(() => TensorData.Create<float>("\udc00", [], [1]), Throws.ArgumentException);
        }
    }

    [Test]
    public void The_content_hash_ignores_order_and_metadata_and_nothing_else()
    {
        var a = TensorData.Create<float>("a", [2], [1, 2]);
        var b = TensorData.Create<float>("b", [1, 2], [3, 4]);
        var hash = ContentHash.Compute(new TensorArchive([a, b]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(hash, Does.Match("^[0-9a-f]{64}$"));
            Assert.That(ContentHash.Compute(new TensorArchive([b, a], [new("k", "v")])), Is.EqualTo(hash));
            TensorArchive[] others =
            [
                new([a]),
                new([a, b.Rename("c")]),
                new([a, TensorData.Create<float>("b", [2], [3, 4])]),
                new([a, TensorData.Create<float>("b", [1, 2], [3, 5])]),
                new([a, new TensorData("b", ElementType.Int32, b.Shape, b.Bytes)]),
            ];
            Assert.That(others.Select(ContentHash.Compute), Is.Unique.And.None.EqualTo(hash));
        }
    }
}
