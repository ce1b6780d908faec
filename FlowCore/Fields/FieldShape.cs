namespace FlowCore.Fields;

/// <summary>The sizes of a field or an image: an event of D = C·H·W features, channels first, then rows, then columns.</summary>
public sealed record FieldShape
{
    /// <summary>Sets the sizes.</summary>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public FieldShape(int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Channels, Height, Width, Pixels) = (channels, height, width, checked(height * width));
        Features = checked(channels * Pixels);
    }

    /// <summary>C.</summary>
    public int Channels { get; }

    /// <summary>H.</summary>
    public int Height { get; }

    /// <summary>W.</summary>
    public int Width { get; }

    /// <summary>H·W.</summary>
    public int Pixels { get; }

    /// <summary>D = C·H·W: pixel (i, j) of channel c is feature (c·H + i)·W + j.</summary>
    public int Features { get; }

    /// <summary>Whether both sides can be halved.</summary>
    public bool CanBeSqueezed => Height % 2 == 0 && Width % 2 == 0;

    /// <summary>The shape after a squeeze: four times the channels, half the sides.</summary>
    /// <returns>The shape.</returns>
    /// <exception cref="InvalidOperationException">A side is odd.</exception>
    public FieldShape Squeezed() => CanBeSqueezed
        ? new FieldShape(checked(4 * Channels), Height / 2, Width / 2)
        : throw new InvalidOperationException($"Expected even sides, got {Height} x {Width}.");

    /// <summary>The same pixels with other channels.</summary>
    /// <param name="channels">The channels.</param>
    /// <returns>The shape.</returns>
    public FieldShape WithChannels(int channels) => new(channels, Height, Width);

    /// <inheritdoc/>
    public override string ToString() => $"{Channels} x {Height} x {Width}";
}
