using FlowCore.Networks;

namespace FlowCore.Fields;

/// <summary>The constants of a <see cref="FieldNetwork{T}"/>.</summary>
/// <param name="Shape">The shape of its argument.</param>
/// <param name="OutputChannels">The channels of its result, at least 1.</param>
public sealed record FieldNetworkSettings(FieldShape Shape, int OutputChannels)
{
    /// <summary>The channels of each hidden layer.</summary>
    public IReadOnlyList<int> HiddenChannels { get; init; } = [16, 16];

    /// <summary>The size of the windows, odd.</summary>
    public int KernelSize { get; init; } = 3;

    /// <summary>What the windows see beyond the edges.</summary>
    public ArrayPadding Padding { get; init; } = ArrayPadding.Periodic;

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.LeakyReLU;

    /// <summary>How many leading inputs are numbers of the whole event, which every pixel sees.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>The pixels that are seen; the others count as zero.</summary>
    public PixelParity Reads { get; init; }

    /// <summary>The pixels that are computed; the others are zero.</summary>
    public PixelParity Writes { get; init; }
}
