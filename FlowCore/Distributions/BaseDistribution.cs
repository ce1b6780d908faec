using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>The distribution of the noise z that a flow transforms: its density and samples known, possibly conditional.</summary>
/// <remarks>
/// A sample is made of <see cref="RandomNumbers"/> random numbers a row, normal or uniform, by <see cref="FromRandom"/>:
/// operations of the tape, so that samples are differentiable in whatever parameters it has. A distribution holds no state
/// of a call, so one instance serves all tapes and threads.
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class BaseDistribution<T> : Part<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the size and the parameters.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="parameters">The parameters in their canonical order.</param>
    /// <param name="conditionColumns">C, how many leading columns of the conditions it reads; 0 for none.</param>
    protected BaseDistribution(int features, IReadOnlyList<Parameter<T>> parameters, int conditionColumns = 0)
        : base(parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(conditionColumns);
        Features = features;
        ConditionColumns = conditionColumns;
    }

    /// <summary>D, the number of features.</summary>
    public int Features { get; }

    /// <summary>C, how many leading columns of the conditions it reads; 0 for none.</summary>
    public int ConditionColumns { get; }

    /// <summary>How many random numbers a row takes.</summary>
    public virtual int RandomNumbers => Features;

    /// <summary>Of which distribution the random numbers are.</summary>
    public virtual RandomDistribution RandomDistribution => RandomDistribution.Normal;

    /// <summary>Where z lives.</summary>
    public virtual Domain Domain => Domain.Reals(Features);

    /// <summary>ln p(z | c).</summary>
    /// <param name="z">[rows, D], a block.</param>
    /// <param name="conditions">[rows, C] or shared; "no variable" where C is 0.</param>
    /// <returns>[rows, 1].</returns>
    public abstract Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default);

    /// <summary>Makes z of random numbers: differentiable sampling.</summary>
    /// <param name="random">[rows, <see cref="RandomNumbers"/>], a block.</param>
    /// <param name="conditions">As in <see cref="LogDensity"/>.</param>
    /// <returns>[rows, D]; may be <paramref name="random"/> itself.</returns>
    public abstract Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default);

    /// <summary>Draws z for the rows of a tape's block; row i takes its own numbers of the stream, so any cut into blocks gives the same bits.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="stream">Where the random numbers come from.</param>
    /// <param name="firstRow">The index of the block's first row.</param>
    /// <param name="conditions">As in <see cref="LogDensity"/>.</param>
    /// <returns>[rows, D].</returns>
    public Variable<T> Draw(Tape<T> tape, RandomStream stream, ulong firstRow, Variable<T> conditions = default)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return FromRandom(tape.Draw(RandomDistribution, stream, firstRow * (ulong)RandomNumbers, RandomNumbers), conditions);
    }

    /// <summary>The same distribution with the same numbers in another precision, its parameters not yet in a store.</summary>
    /// <typeparam name="TOther">The other number type.</typeparam>
    /// <returns>The copy.</returns>
    /// <exception cref="NotSupportedException">It is of a kind that no list given to <see cref="PartRegistry"/> has.</exception>
    public BaseDistribution<TOther> ConvertTo<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> => PartConversion.Convert<BaseDistribution<TOther>, T, TOther>(this);
}
