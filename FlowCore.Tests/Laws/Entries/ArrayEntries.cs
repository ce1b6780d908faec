using FlowCore.Compute;
using FlowCore.Fields;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws.Entries;

/// <summary>Arrays of channels, rows and columns: transforms of pixels, and couplings whose networks are convolutions. The few features of the laws are an array of one row.</summary>
internal static class ArrayEntries
{
    public static IReadOnlyList<TransformEntry> All { get; } =
    [
        new("on pixels", (d, c, s, n) => new OnPixels<double>(
            new Composition<double>(1, new ActNorm<double>(1, n + "a"), c == 0
                ? new Elementwise<double>(new Affine<double>(1e-3), 1, n + "b")
                : new Conditional<double>(new Affine<double>(1e-3), 1, c, [4], UnaryFunction.Tanh, n + "b", s)), 1, d))
        {
            Conditions = (true, true), ParameterReach = 0.3,
        },
        new("on pixels, convolution", (d, _, s, n) => new OnColumns<double>(
            OnPixels<double>.Convolution(2, 1, d / 2, n, s), d, [.. Enumerable.Range(d % 2, d / 2 * 2)]))
        {
            FewestFeatures = 2, ParameterReach = 0.3, Tolerance = 1e-8,
        },
        new("on pixels, dense, inverted", (d, _, s, n) => new OnColumns<double>(
            new OnPixels<double>(new Composition<double>(2, new Inverted<double>(new DenseLinear<double>(2, n + "a")), new ActNorm<double>(2, n + "b")), 1, d / 2), d, [.. Enumerable.Range(0, d / 2 * 2)]))
        {
            FewestFeatures = 2, ParameterReach = 0.3, Tolerance = 1e-8,
        },
        Field("field coupling, chessboard", FieldMask.OddPixels, ArrayPadding.Periodic),
        Field("field coupling, channels", FieldMask.LastChannels, ArrayPadding.Zero),
        Coupled("coupling, convolutions", ArrayPadding.Zero),
        Coupled("coupling, periodic convolutions", ArrayPadding.Periodic),
    ];

    private static TransformEntry Field(string name, FieldMask mask, ArrayPadding padding) => new(name, (d, c, s, n) =>
    {
        // A row of pixels of one channel, or one pixel of channels.
        var shape = mask == FieldMask.OddPixels ? new FieldShape(1, 1, d) : new FieldShape(d, 1, 1);
        var settings = FieldCoupling<double>.NetworkFor(shape, mask) with { HiddenChannels = [3], Padding = padding, Activation = UnaryFunction.Tanh, ContextFeatures = c };
        return new FieldCoupling<double>(shape, mask, new FieldNetwork<double>(settings, n, s), 0.8, mask == FieldMask.OddPixels ? null : n + ".reach");
    })
    {
        Conditions = (true, true),
        FewestFeatures = 2,
        ParameterReach = 0.3,
    };

    private static TransformEntry Coupled(string name, ArrayPadding padding) => new(name, (d, c, s, n) =>
    {
        var passes = Coupling<double>.Checkerboard(1, 1, d, odd: d % 2 == 0);
        var settings = new ConvolutionalSettings(1, 2, 1, d) { HiddenChannels = 3, Blocks = 1, Padding = padding, Activation = UnaryFunction.Tanh };
        return new Coupling<double>(
            new Affine<double>(AffineSettings.NflowsMasked), passes, ConvolutionalNetwork<double>.ForCoupling(passes, 2, c, settings, n, s));
    })
    {
        Conditions = (true, true),
        FewestFeatures = 2,
        ParameterReach = 0.3,
    };
}
