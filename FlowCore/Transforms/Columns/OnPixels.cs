using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>A transform of C features applied to the channels of every pixel of an array: a 1 × 1 convolution, where the transform is a matrix. log|det J| is the sum over the pixels.</summary>
/// <remarks>
/// <para>
/// Kingma and Dhariwal 2018, "Glow", sections 3.1 and 3.2. The array is [C, H, W], row-major: pixel p of channel c is column c·H·W + p. All pixels share the parameters, so with
/// an <see cref="ActNorm{T}"/> inside it is the normalisation by channel, and with <see cref="LuLinear{T}.WithPermutation"/> nflows' OneByOneConvolution. Conditions are those of the row,
/// the same for every pixel.
/// </para>
/// <para>
/// Either direction costs H·W times the transform. A matrix L U or a dense one, an <see cref="ActNorm{T}"/>, a permutation, and what is composed of them take all pixels at once; any other transform
/// makes an entry of the tape for each. Between couplings of channels it mixes what they leave apart.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class OnPixels<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ConvolutionOperation<T>? _product;
    private readonly GatherColumnsOperation<T>? _byPixel;
    private readonly GatherColumnsOperation<T>? _byChannel;

    /// <summary>Applies a transform to every pixel.</summary>
    /// <param name="inner">The transform, of C features to as many; the features of its domain are the channels.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the transform changes the number of features or lives on a sphere or a simplex.</exception>
    public OnPixels(Transform<T> inner, int height, int width)
        : base(Checked(inner, height, width), inner.ConditionColumns, inner.Parameters)
    {
        (Inner, Height, Width) = (inner, height, width);
        Domain = Repeat(inner.Domain);
        Codomain = Repeat(inner.Codomain);
        if (inner.TakesPixels)
        {
            _product = new ConvolutionOperation<T>(new ConvolutionShape(inner.Features, inner.Features, height, width, 1, isPeriodic: false), UnaryFunction.Identity);
            return;
        }

        var (channels, pixels) = (inner.Features, height * width);
        var (byPixel, byChannel) = (new int[Features], new int[Features]);
        for (var i = 0; i < Features; i++)
        {
            byPixel[i] = (i % channels * pixels) + (i / channels);
            byChannel[i] = (i % pixels * channels) + (i / pixels);
        }

        _byPixel = new GatherColumnsOperation<T>(byPixel);
        _byChannel = new GatherColumnsOperation<T>(byChannel);
    }

    /// <inheritdoc/>
    public static string Kind => "on-pixels";

    /// <summary>The transform of a pixel's channels.</summary>
    public Transform<T> Inner { get; }

    /// <summary>H.</summary>
    public int Height { get; }

    /// <summary>W.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    public override Domain Domain { get; }

    /// <inheritdoc/>
    public override Domain Codomain { get; }

    /// <summary>An invertible 1 × 1 convolution: a fixed random permutation of the channels and then a matrix L U with a bias.</summary>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="name">The prefix of the names, to which <c>.linear</c> is added.</param>
    /// <param name="stream">Where the permutation comes from. The matrix starts as the identity.</param>
    /// <returns>The transform.</returns>
    public static OnPixels<T> Convolution(int channels, int height, int width, string name, RandomStream stream) =>
        new(LuLinear<T>.WithPermutation(Permutation<T>.Drawn(channels, stream).Indices, name), height, width);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new OnPixels<T>(reader.Part<Transform<T>>("inner"), reader.Size("height"), reader.Size("width"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("height", Height);
        writer.Write("width", Width);
        writer.Write("inner", Inner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, x, conditions, inverse: false, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, z, conditions, inverse: true, out logDet);

    private static int Checked(Transform<T> inner, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (inner.NoiseFeatures != inner.Features || inner.Domain.Axes is null || inner.Codomain.Axes is null)
            throw new ArgumentException($"Expected a transform of real features to as many, got one from {inner.Domain} to {inner.Codomain}.", nameof(inner));
        return checked(inner.Features * height * width);
    }

    private Domain Repeat(Domain inner)
    {
        var axes = new Axis[Features];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = inner.AxisOf(i / (Height * Width));
        return Domain.Of(axes);
    }

    private Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, bool inverse, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (_product is not null)
            return Inner.PixelsCore(tape, x, _product, inverse, out logDet);
        var channels = Inner.Features;
        var (arguments, results) = (_byPixel!.Apply(x), tape.Allocate(Features));
        var logDets = tape.Allocate(Features / channels);
        for (var pixel = 0; pixel < logDets.Columns; pixel++)
        {
            using var scope = tape.BeginScope();
            var argument = tape.Slice(arguments, pixel * channels, channels);
            var result = inverse
                ? Inner.InverseCore(tape, argument, ConditionsOf(Inner, conditions), out var part)
                : Inner.ForwardCore(tape, argument, ConditionsOf(Inner, conditions), out part);
            tape.CopyInto(result, tape.Slice(results, pixel * channels, channels));
            tape.CopyInto(LogDets.OrZero(tape, part), tape.Slice(logDets, pixel, 1));
        }

        logDet = logDets.SumColumns();
        tape.Release(logDets);
        tape.Release(arguments);
        var y = _byChannel!.Apply(results);
        tape.Release(results);
        return y;
    }
}
