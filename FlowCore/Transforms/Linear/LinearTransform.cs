using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = W x + b with a matrix W that all rows share: log|det J| = ln |det W|, the same number for every row.</summary>
/// <typeparam name="T">The number type.</typeparam>
public abstract class LinearTransform<T> : Transform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected LinearTransform(int features, string name, IReadOnlyList<Parameter<T>> parameters)
        : base(features, 0, parameters) => Name = name;

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var z = Map(tape, x, out var logAbsDeterminant);
        logDet = logAbsDeterminant.IsNone ? default : LogDets.ForAllRows(tape, logAbsDeterminant, BinaryFunction.Add);
        return z;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var x = MapBack(tape, z, out var logAbsDeterminant);
        logDet = logAbsDeterminant.IsNone ? default : LogDets.ForAllRows(tape, logAbsDeterminant, BinaryFunction.Subtract);
        return x;
    }

    /// <inheritdoc/>
    internal override Variable<T> PixelsCore(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, bool inverse, out Variable<T> logDet)
    {
        var z = inverse ? MapPixelsBack(tape, x, product, out var logAbsDeterminant) : MapPixels(tape, x, product, out logAbsDeterminant);
        logDet = LogDets.ForAllRows(tape, logAbsDeterminant * T.CreateTruncating(product.Shape.Pixels), inverse ? BinaryFunction.Subtract : BinaryFunction.Add);
        return z;
    }

    /// <summary>W x + b of the channels of every pixel, where <see cref="Transform{T}.TakesPixels"/> says so.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D · pixels], channels first.</param>
    /// <param name="product">The product of a matrix with the channels of each pixel.</param>
    /// <param name="logAbsDeterminant">ln |det W|, shared [1, 1].</param>
    private protected virtual Variable<T> MapPixels(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, out Variable<T> logAbsDeterminant) =>
        throw new NotSupportedException($"A {GetType().Name.Split('`')[0]} takes pixels one by one.");

    /// <summary>W⁻¹ (z − b) of the channels of every pixel.</summary>
    /// <inheritdoc cref="MapPixels"/>
    private protected virtual Variable<T> MapPixelsBack(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, out Variable<T> logAbsDeterminant) =>
        throw new NotSupportedException($"A {GetType().Name.Split('`')[0]} takes pixels one by one.");

    /// <summary>W x + b.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="logAbsDeterminant">ln |det W|, shared [1, 1]; "no variable" for 0.</param>
    private protected abstract Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant);

    /// <summary>W⁻¹ (z − b).</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="z">[rows, D].</param>
    /// <param name="logAbsDeterminant">ln |det W|, not that of W⁻¹.</param>
    private protected abstract Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant);
}
