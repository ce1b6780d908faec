namespace FlowCore.Gpu;

/// <summary>The sizes of a convolution as a kernel sees them.</summary>
/// <param name="inputs">The channels of the argument.</param>
/// <param name="outputs">The channels of the result.</param>
/// <param name="pixels">How many pixels.</param>
/// <param name="places">k · k.</param>
/// <param name="pixelsFirst">1 where the channels of a pixel stand together, 0 where the pixels of a channel do.</param>
internal readonly struct ConvolutionSizes(int inputs, int outputs, int pixels, int places, int pixelsFirst)
{
    public readonly int Inputs = inputs;

    public readonly int Outputs = outputs;

    public readonly int Pixels = pixels;

    public readonly int Places = places;

    private readonly int _pixelsFirst = pixelsFirst;

    /// <summary>The column of a pixel and channel.</summary>
    public int Column(int channel, int pixel, int channels) => _pixelsFirst != 0 ? (pixel * channels) + channel : (channel * Pixels) + pixel;

    /// <summary>The channel of a column.</summary>
    public int Channel(int column, int channels) => _pixelsFirst != 0 ? column % channels : column / Pixels;

    /// <summary>The pixel of a column.</summary>
    public int Pixel(int column, int channels) => _pixelsFirst != 0 ? column / channels : column % Pixels;
}
