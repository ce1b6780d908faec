using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Distributions;

/// <summary>The distribution of the noise z that a flow transforms: independent of the context, its density and samples known.</summary>
/// <remarks>It holds no state of a call, so one instance serves all tapes and threads.</remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class BaseDistribution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the size and the parameters.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="parameters">The parameters in their canonical order.</param>
    protected BaseDistribution(int features, IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentNullException.ThrowIfNull(parameters);
        Features = features;
        Parameters = parameters;
    }

    /// <summary>D, the number of features.</summary>
    public int Features { get; }

    /// <summary>The parameters in their canonical order.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>ln p(z).</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="z">[rows, D].</param>
    /// <returns>[rows, 1].</returns>
    public abstract Variable<T> LogDensity(Tape<T> tape, Variable<T> z);

    /// <summary>Fills rows with noise of which row i takes numbers i·D to i·D + D − 1 of the stream, so that any split into calls gives the same bits.</summary>
    /// <param name="stream">Where the numbers come from.</param>
    /// <param name="firstRow">The index of the first row.</param>
    /// <param name="rows">Row-major [n, D].</param>
    public abstract void FillNoise(RandomStream stream, ulong firstRow, Span<T> rows);

    /// <summary>
    /// The rows of <see cref="FillNoise"/> as a block of a tape. A distribution whose noise is plain normal or uniform numbers
    /// overrides it with <see cref="Tape{T}.Draw"/>, so that they are drawn where the tape computes.
    /// </summary>
    /// <param name="tape">The tape.</param>
    /// <param name="stream">Where the numbers come from.</param>
    /// <param name="firstRow">The index of the block's first row.</param>
    /// <returns>[rows, D].</returns>
    public virtual Variable<T> DrawNoise(Tape<T> tape, RandomStream stream, ulong firstRow)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var rows = ArrayPool<T>.Shared.Rent(tape.Rows * Features);
        try
        {
            var noise = rows.AsSpan(0, tape.Rows * Features);
            FillNoise(stream, firstRow, noise);
            return tape.Input(noise, Features);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(rows);
        }
    }

    /// <summary>Makes z of the rows of <see cref="FillNoise"/> by what depends on parameters: differentiable sampling.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="noise">[rows, D].</param>
    /// <returns>[rows, D]; may be <paramref name="noise"/> itself.</returns>
    public abstract Variable<T> FromNoise(Tape<T> tape, Variable<T> noise);

    /// <summary>The same distribution with the same numbers in another precision, its parameters not yet in a store.</summary>
    /// <typeparam name="TOther">The other number type.</typeparam>
    /// <returns>The copy.</returns>
    public BaseDistribution<TOther> ConvertTo<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        var other = RecreateCore<TOther>();
        for (var i = 0; i < Parameters.Count; i++)
            Networks.FreshParameters.Convert(Parameters[i], other.Parameters[i]);
        return other;
    }

    /// <summary>A distribution of the same kind in another precision; its parameters need no values, they are copied.</summary>
    /// <typeparam name="TOther">The other number type.</typeparam>
    /// <returns>The distribution, its parameters in the same order.</returns>
    protected internal abstract BaseDistribution<TOther> RecreateCore<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>;
}
