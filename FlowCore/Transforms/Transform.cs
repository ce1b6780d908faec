using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>
/// A bijection, possibly conditional, with its log|det J| in both directions. By convention <see cref="Forward(Variable{T}, Variable{T}, out Variable{T})"/> leads from
/// data to noise.
/// </summary>
/// <remarks>
/// <para>
/// One contract: derive, pass sizes and parameters to the constructor, and implement <see cref="ForwardCore"/> and
/// <see cref="InverseCore"/>; arguments are checked here, once for all transforms. <see cref="IPartKind{T}"/> and
/// <see cref="Part{T}.Write"/> make it known to files.
/// </para>
/// <para>
/// Conditions are one matrix: the columns of the context first, and behind them the nuisances where there are some. A part
/// of a composition reads the leading columns, as many as it wants.
/// </para>
/// <para>A transform holds parameters and settings but no state of a call, so one instance serves all tapes and threads.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class Transform<T> : Part<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the sizes and the parameters.</summary>
    /// <param name="features">D, the columns of the data, at least 1.</param>
    /// <param name="conditionColumns">C, 0 for a transform that reads no conditions.</param>
    /// <param name="parameters">The parameters in their canonical order.</param>
    /// <param name="noiseFeatures">The columns of the result, where they are not D; 0 for D.</param>
    protected Transform(int features, int conditionColumns, IReadOnlyList<Parameter<T>> parameters, int noiseFeatures = 0)
        : base(parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(conditionColumns);
        ArgumentOutOfRangeException.ThrowIfNegative(noiseFeatures);
        Features = features;
        NoiseFeatures = noiseFeatures == 0 ? features : noiseFeatures;
        ConditionColumns = conditionColumns;
    }

    /// <summary>D, the columns of the data.</summary>
    public int Features { get; }

    /// <summary>The columns of the result of <see cref="Forward(Variable{T}, Variable{T}, out Variable{T})"/>: D, unless the coordinates change.</summary>
    public int NoiseFeatures { get; }

    /// <summary>C, how many leading columns of the conditions it reads; 0 for a transform that reads none.</summary>
    public int ConditionColumns { get; }

    /// <summary>Where x lives: the argument of <see cref="Forward(Variable{T}, Variable{T}, out Variable{T})"/>. A row outside has log|det J| = −∞.</summary>
    public virtual Domain Domain => Domain.Reals(Features);

    /// <summary>Where z lives: every point of it is a value of <see cref="Forward(Variable{T}, Variable{T}, out Variable{T})"/>.</summary>
    public virtual Domain Codomain => Domain.Reals(NoiseFeatures);

    /// <summary>The columns of the widest block that an evaluation has: where they are many, as those of fields, blocks have fewer rows.</summary>
    protected internal virtual int BlockColumns => Math.Max(Features, NoiseFeatures);

    /// <summary>The normalisations of units in the networks that this transform itself asks, in the order in which they are reached.</summary>
    internal virtual IEnumerable<UnitNormalization<T>> Normalizations => [];

    /// <summary>z = f(x | c) and log|det ∂z/∂x|.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="conditions">[rows, C] or a shared row [1, C]; not read by a transform without conditions.</param>
    /// <param name="logDet">[rows, 1].</param>
    /// <returns>[rows, <see cref="NoiseFeatures"/>].</returns>
    /// <exception cref="ArgumentException">A shape is not the transform's.</exception>
    public Variable<T> Forward(Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var tape = Check(x, Features, ref conditions);
        var y = ForwardCore(tape, x, conditions, out logDet);
        logDet = LogDets.OrZero(tape, logDet);
        return y;
    }

    /// <inheritdoc cref="Forward(Variable{T}, Variable{T}, out Variable{T})"/>
    public Variable<T> Forward(Variable<T> x, out Variable<T> logDet) => Forward(x, default, out logDet);

    /// <summary>x = f⁻¹(z | c) and log|det ∂x/∂z|.</summary>
    /// <param name="z">[rows, <see cref="NoiseFeatures"/>], a block.</param>
    /// <param name="conditions">[rows, C] or a shared row [1, C]; not read by a transform without conditions.</param>
    /// <param name="logDet">[rows, 1].</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">A shape is not the transform's.</exception>
    public Variable<T> Inverse(Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        var tape = Check(z, NoiseFeatures, ref conditions);
        var y = InverseCore(tape, z, conditions, out logDet);
        logDet = LogDets.OrZero(tape, logDet);
        return y;
    }

    /// <inheritdoc cref="Inverse(Variable{T}, Variable{T}, out Variable{T})"/>
    public Variable<T> Inverse(Variable<T> z, out Variable<T> logDet) => Inverse(z, default, out logDet);

    /// <summary>The same transform with the same numbers in another precision, its parameters not yet in a store.</summary>
    /// <typeparam name="TOther">The other number type.</typeparam>
    /// <returns>The copy.</returns>
    /// <exception cref="NotSupportedException">A part is of a kind that no list given to <see cref="PartRegistry"/> has.</exception>
    public Transform<TOther> ConvertTo<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> => PartConversion.Convert<Transform<TOther>, T, TOther>(this);

    /// <summary>As <see cref="Forward(Variable{T}, Variable{T}, out Variable{T})"/>, with arguments that were checked. "No variable" as log-determinant means zero.</summary>
    /// <param name="tape">The tape of the variables.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="conditions">[rows, C] or shared, "no variable" where the transform reads none.</param>
    /// <param name="logDet">[rows, 1] or "no variable".</param>
    /// <returns>[rows, <see cref="NoiseFeatures"/>]; may be <paramref name="x"/> itself.</returns>
    protected internal abstract Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet);

    /// <summary>As <see cref="Inverse(Variable{T}, Variable{T}, out Variable{T})"/>, with arguments that were checked. "No variable" as log-determinant means zero.</summary>
    /// <param name="tape">The tape of the variables.</param>
    /// <param name="z">[rows, <see cref="NoiseFeatures"/>].</param>
    /// <param name="conditions">[rows, C] or shared, "no variable" where the transform reads none.</param>
    /// <param name="logDet">[rows, 1] or "no variable".</param>
    /// <returns>[rows, D]; may be <paramref name="z"/> itself.</returns>
    protected internal abstract Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet);

    /// <summary>The point of <see cref="InverseCore"/> alone, for who draws and asks for no density: cheaper where the log-determinant is work of its own.</summary>
    /// <param name="tape">The tape of the variables.</param>
    /// <param name="z">[rows, <see cref="NoiseFeatures"/>].</param>
    /// <param name="conditions">[rows, C] or shared, "no variable" where the transform reads none.</param>
    /// <returns>[rows, D]; may be <paramref name="z"/> itself.</returns>
    internal virtual Variable<T> InversePoint(Tape<T> tape, Variable<T> z, Variable<T> conditions) => InverseCore(tape, z, conditions, out _);

    /// <summary>Whether <see cref="PixelsCore"/> takes the channels of all pixels of an array at once.</summary>
    internal virtual bool TakesPixels => false;

    /// <summary>The transform of the channels of every pixel of an array, which all share its parameters.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D · pixels], channels first.</param>
    /// <param name="product">A product of a matrix with the channels of each pixel; its shape has the number of pixels.</param>
    /// <param name="inverse">Which direction.</param>
    /// <param name="logDet">[rows, 1], the sum over the pixels, or "no variable".</param>
    /// <returns>[rows, D · pixels].</returns>
    internal virtual Variable<T> PixelsCore(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, bool inverse, out Variable<T> logDet) =>
        throw new NotSupportedException($"A {GetType().Name.Split('`')[0]} takes pixels one by one.");

    /// <summary>The conditions as a part of this transform wants them: their leading columns, or "no variable".</summary>
    /// <param name="part">The part.</param>
    /// <param name="conditions">The conditions of the whole.</param>
    /// <returns>The conditions of the part.</returns>
    protected static Variable<T> ConditionsOf(Transform<T> part, Variable<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(part);
        return Leading(conditions, part.ConditionColumns);
    }

    /// <summary>The first columns of conditions.</summary>
    internal static Variable<T> Leading(Variable<T> conditions, int columns) =>
        columns == 0 ? default : conditions.Columns == columns ? conditions : conditions.Slice(0, columns);

    private Tape<T> Check(Variable<T> x, int features, ref Variable<T> conditions)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        if (x.Columns != features || !x.IsBlock)
            throw new ArgumentException($"Expected a block of {features} columns, got {OperandChecks.Shape(x)}.", nameof(x));
        if (ConditionColumns == 0)
            conditions = default;
        else if (conditions.Columns != ConditionColumns || (!conditions.IsBlock && conditions.Rows != 1))
            throw new ArgumentException($"Expected conditions of {ConditionColumns} columns, got {OperandChecks.Shape(conditions)}.", nameof(conditions));
        return tape;
    }
}
