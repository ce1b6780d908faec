using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Parts;

namespace Encoders;

/// <summary>An encoder of images of one's own: convolutions of 3 × 3 pixels in steps of two with zeros around, the mean over the pixels that are left, and a linear map.</summary>
/// <remarks>A row is the image's pixels, line by line, the channels of a pixel together. A pixel of a layer is a column for each channel, so a convolution is one small network at every pixel.</remarks>
internal sealed class ImageEncoder<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _sizes;
    private readonly Network<T>[] _layers;
    private readonly Network<T> _last;
    private readonly GatherColumnsOperation<T>[][] _patches;

    /// <param name="height">The lines of an image.</param>
    /// <param name="width">The pixels of a line.</param>
    /// <param name="channels">The channels of the image and of each convolution.</param>
    /// <param name="outputs">The numbers of a code.</param>
    /// <param name="name">The prefix of the parameters' names.</param>
    public ImageEncoder(int height, int width, int[] channels, int outputs, string name = "image")
        : this(
            [height, width, .. channels],
            [.. Enumerable.Range(1, channels.Length - 1).Select(l => new Mlp<T>([9 * channels[l - 1], channels[l]], UnaryFunction.Identity, $"{name}.{l}"))],
            new Mlp<T>([channels[^1], outputs], UnaryFunction.Identity, $"{name}.last"))
    {
    }

    private ImageEncoder(int[] sizes, Network<T>[] layers, Network<T> last)
        : base(sizes[0] * sizes[1] * sizes[2], last.Outputs, [.. layers.SelectMany(layer => layer.Parameters), .. last.Parameters])
    {
        (_sizes, _layers, _last) = (sizes, layers, last);
        _patches = new GatherColumnsOperation<T>[layers.Length][];
        var (height, width) = (sizes[0], sizes[1]);
        for (var l = 0; l < layers.Length; l++)
        {
            var channels = sizes[l + 2];
            if (height < 2 || width < 2)
                throw new ArgumentException($"Convolution {l + 1}: expected an image of at least 2 × 2 pixels, got {height} × {width}.", nameof(sizes));
            if (layers[l].Inputs != 9 * channels)
                throw new ArgumentException($"Convolution {l + 1}: expected {9 * channels} inputs, 3 × 3 pixels of {channels} channels, got {layers[l].Inputs}.", nameof(layers));
            _patches[l] = Patches(height, width, channels);
            (height, width) = ((height + 1) / 2, (width + 1) / 2);
        }
    }

    public static string Kind => "sample-image-encoder";

    public static Part<T> Read(PartReader<T> reader) =>
        new ImageEncoder<T>(reader.Integers("sizes"), [.. reader.Parts<Network<T>>("layers")], reader.Part<Network<T>>("last"));

    protected override void Write(PartWriter writer)
    {
        writer.Write("sizes", _sizes);
        writer.Write<T>("layers", _layers);
        writer.Write("last", _last);
    }

    protected override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        var image = x;
        var pixels = new List<Variable<T>>();
        for (var l = 0; l < _layers.Length; l++)
        {
            // A column of zeros stands around the image.
            var padded = VariableFunctions.Concatenate(image, tape.Constant(T.Zero));
            pixels.Clear();
            foreach (var patch in _patches[l])
                pixels.Add(_layers[l].Apply(patch.Apply(padded)).Silu());
            image = VariableFunctions.Concatenate([.. pixels]);
        }

        var sum = pixels[0];
        for (var i = 1; i < pixels.Count; i++)
            sum += pixels[i];
        return _last.Apply(sum / T.CreateChecked(pixels.Count));
    }

    private static GatherColumnsOperation<T>[] Patches(int height, int width, int channels)
    {
        var patches = new List<GatherColumnsOperation<T>>();
        for (var i = 0; i < height; i += 2)
        {
            for (var j = 0; j < width; j += 2)
            {
                var indices = new int[9 * channels];
                for (var k = 0; k < indices.Length; k++)
                {
                    var (line, pixel) = (i - 1 + (k / channels / 3), j - 1 + (k / channels % 3));
                    var inside = line >= 0 && line < height && pixel >= 0 && pixel < width;
                    indices[k] = inside ? (((line * width) + pixel) * channels) + (k % channels) : height * width * channels;
                }

                patches.Add(new GatherColumnsOperation<T>(indices));
            }
        }

        return [.. patches];
    }
}
