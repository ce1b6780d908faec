using System.Diagnostics.CodeAnalysis;
using FlowCore.Networks;

namespace FlowCore.Flows;

/// <summary>The settings of a flow of arrays; <see cref="StackedFlowSettings.Transforms"/> counts the couplings of each level, 4 of themselves.</summary>
public sealed record MultiScaleFlowSettings : CouplingSettings
{
    /// <summary>Settings of arrays of a size, D = C·H·W features in the order of channels, rows, columns.</summary>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    [SetsRequiredMembers]
    public MultiScaleFlowSettings(int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Channels, Height, Width, Features, Transforms, ActNorm) = (channels, height, width, checked(channels * height * width), 4, true);
    }

    /// <summary>C.</summary>
    public int Channels { get; }

    /// <summary>H, a multiple of 2 to the power of the levels.</summary>
    public int Height { get; }

    /// <summary>W, a multiple of 2 to the power of the levels.</summary>
    public int Width { get; }

    /// <summary>How many levels, at least 1.</summary>
    public int Levels { get; init; } = 3;

    /// <summary>Whether channels are mixed by a 1 × 1 convolution in front of each coupling, and normalised channel by channel: the layers of Glow.</summary>
    public bool MixesChannels { get; init; }

    /// <summary>
    /// Whether the networks are convolutional: the one hidden size is then the number of hidden channels, and <see cref="CouplingSettings.ResidualBlocks"/> that of the blocks, 2
    /// where it is 0. A dense network does not know which pixels are neighbours.
    /// </summary>
    public bool IsConvolutional { get; init; }

    /// <summary>What convolutions see beyond the edges.</summary>
    public ArrayPadding Padding { get; init; }

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        if (Padding is not (ArrayPadding.Zero or ArrayPadding.Periodic))
            throw Unexpected($"Expected a padding of the list, got {Padding}.");
        if (IsConvolutional && HiddenSizes.Count != 1)
            throw Unexpected($"Expected one hidden size of convolutional networks, their channels, got {HiddenSizes.Count}.");
        if (Features != Channels * Height * Width)
            throw Unexpected($"Expected {Channels * Height * Width} features of an array of {Channels} x {Height} x {Width}, got {Features}.");
        if (Levels is < 1 or > 30 || Height % (1 << Levels) != 0 || Width % (1 << Levels) != 0)
            throw Unexpected($"Expected at least 1 level, and height and width that can be halved as often, got {Levels} levels of {Height} x {Width}.");
    }
}
