using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>y_j = x_π(j): the features in another order; log|det J| = 0.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Permutation<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _indices;
    private readonly int[] _inverse;
    private readonly ArrangeInputsOperation<T> _forwardOperation;
    private readonly ArrangeInputsOperation<T> _inverseOperation;

    /// <summary>Creates the permutation.</summary>
    /// <param name="indices">π: for each feature of the result which feature of the argument it is.</param>
    /// <exception cref="ArgumentException">Not a permutation of 0 to D − 1.</exception>
    public Permutation(ReadOnlySpan<int> indices)
        : base(indices.Length, 0, [])
    {
        _indices = indices.ToArray();
        _inverse = new int[_indices.Length];
        Array.Fill(_inverse, -1);
        for (var i = 0; i < _indices.Length; i++)
        {
            if ((uint)_indices[i] >= (uint)_indices.Length || _inverse[_indices[i]] >= 0)
                throw new ArgumentException($"Expected each of 0 to {_indices.Length - 1} once, got {_indices[i]} at {i}.", nameof(indices));
            _inverse[_indices[i]] = i;
        }

        _forwardOperation = new ArrangeInputsOperation<T>(0, _indices);
        _inverseOperation = new ArrangeInputsOperation<T>(0, _inverse);
    }

    /// <inheritdoc/>
    public static string Kind => "permutation";

    /// <summary>π.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <summary>π⁻¹.</summary>
    public ReadOnlySpan<int> InverseIndices => _inverse;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Permutation<T>(reader.Integers("indices"));
    }

    /// <summary>The permutation that reverses the order of the features.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <returns>The reversal.</returns>
    public static Permutation<T> Reversal(int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var indices = new int[features];
        for (var i = 0; i < features; i++)
            indices[i] = features - 1 - i;
        return new Permutation<T>(indices);
    }

    /// <summary>A permutation drawn at random.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="stream">Where it comes from.</param>
    /// <returns>The permutation.</returns>
    public static Permutation<T> Drawn(int features, RandomStream stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var indices = new int[features];
        stream.FillPermutation(indices);
        return new Permutation<T>(indices);
    }

    /// <summary>Squeezes an array of channels, rows and columns, row-major: pixel (f y + a, f x + b) of channel c goes to pixel (y, x) of channel f² c + f a + b.</summary>
    /// <remarks>Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", section 3.6; the order of nflows and normflows.</remarks>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="height">H, a multiple of f.</param>
    /// <param name="width">W, a multiple of f.</param>
    /// <param name="factor">f, at least 1.</param>
    /// <returns>The permutation of the C·H·W features; its inverse is an <see cref="Inverted{T}"/> of it.</returns>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static Permutation<T> Squeeze(int channels, int height, int width, int factor = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        if (height % factor != 0 || width % factor != 0)
            throw new ArgumentException($"Expected a height and a width that are multiples of {factor}, got {height} and {width}.", nameof(factor));
        var indices = new int[checked(channels * height * width)];
        var (rows, columns) = (height / factor, width / factor);
        for (var i = 0; i < indices.Length; i++)
        {
            var (channel, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
            var (offset, of) = (channel % (factor * factor), channel / (factor * factor));
            indices[i] = (((of * height) + (factor * row) + (offset / factor)) * width) + (factor * column) + (offset % factor);
        }

        return new Permutation<T>(indices);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("indices", Indices);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        logDet = default;
        return _forwardOperation.Apply(tape, default, x);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        logDet = default;
        return _inverseOperation.Apply(tape, default, z);
    }

    /// <inheritdoc/>
    internal override bool TakesPixels => true;

    /// <inheritdoc/>
    internal override Variable<T> PixelsCore(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, bool inverse, out Variable<T> logDet)
    {
        logDet = default;
        var pixels = product.Shape.Pixels;
        var y = tape.Allocate(x.Columns);
        for (var i = 0; i < Features; i++)
            tape.CopyInto(tape.Slice(x, (inverse ? _inverse : _indices)[i] * pixels, pixels), tape.Slice(y, i * pixels, pixels));
        return y;
    }
}
