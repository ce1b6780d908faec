namespace FlowCore.Networks;

/// <summary>The constants of a <see cref="ConvolutionalNetwork{T}"/>.</summary>
/// <param name="InputChannels">The channels of the array that it sees, at least 1.</param>
/// <param name="OutputChannels">The channels of the array that it gives, at least 1.</param>
/// <param name="Height">H, at least 1.</param>
/// <param name="Width">W, at least 1.</param>
public sealed record ConvolutionalSettings(int InputChannels, int OutputChannels, int Height, int Width)
{
    /// <summary>The channels of the hidden layers, at least 1.</summary>
    public int HiddenChannels { get; init; } = 32;

    /// <summary>How many residual blocks, 0 to 100.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>The size of the window of a block's convolutions, odd.</summary>
    public int KernelSize { get; init; } = 3;

    /// <summary>What the windows see beyond the edges.</summary>
    public ArrayPadding Padding { get; init; }

    /// <summary>The activation.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;
}
