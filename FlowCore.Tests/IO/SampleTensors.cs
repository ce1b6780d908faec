using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

/// <summary>Tensors of every element type, with values at the ends of their ranges.</summary>
internal static class SampleTensors
{
    public static TensorData[] OfEveryType() =>
    [
        TensorData.Create<bool>("mask", [3], [true, false, true]),
        TensorData.Create<byte>("u8", [2, 2], [0, 1, 254, 255]),
        TensorData.Create<sbyte>("i8", [3], [sbyte.MinValue, -1, sbyte.MaxValue]),
        TensorData.Create<short>("i16", [1, 2], [short.MinValue, short.MaxValue]),
        TensorData.Create<ushort>("u16", [2], [1, ushort.MaxValue]),
        TensorData.Create<int>("i32", [2], [int.MinValue, int.MaxValue]),
        TensorData.Create<uint>("u32", [2], [1, uint.MaxValue]),
        TensorData.Create<long>("i64", [], [long.MinValue + 5]),
        TensorData.Create<ulong>("u64", [1], [ulong.MaxValue]),
        TensorData.Create<Half>("f16", [3], [(Half)1.5, Half.NaN, Half.MaxValue]),
        TensorData.CreateBFloat16("bf16", [2], [1f, -3.140625f]),
        TensorData.Create<float>("f32.weight", [2, 3], [1, -2, float.NaN, float.PositiveInfinity, float.Epsilon, -0f]),
        TensorData.Create<double>("f64", [0, 4], []),
        TensorData.Create<double>("grüße/π \"quoted\" \\ 😀", [1, 1, 1], [Math.PI]),
    ];

    public static TensorArchive Archive() =>
        new(OfEveryType(), [new("format", "pt"), new("note", "a \"b\"\n\u0001 ü")]);

    public static TensorData[] OfEveryNpyType() =>
        [.. OfEveryType().Where(t => t.ElementType != ElementType.BFloat16)];

    public static void AssertSame(TensorData actual, TensorData expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(actual.Name, Is.EqualTo(expected.Name));
            Assert.That(actual.ElementType, Is.EqualTo(expected.ElementType));
            Assert.That(actual.Shape.ToArray(), Is.EqualTo(expected.Shape.ToArray()));
            Assert.That(actual.Bytes.Span.SequenceEqual(expected.Bytes.Span), Is.True, "The bytes differ.");
        }
    }

    public static void AssertSame(TensorArchive actual, TensorArchive expected)
    {
        Assert.That(actual.Select(t => t.Name), Is.EqualTo(expected.Select(t => t.Name)));
        Assert.That(actual.Metadata, Is.EqualTo(expected.Metadata));
        for (var i = 0; i < expected.Count; i++)
            AssertSame(actual[i], expected[i]);
    }
}
