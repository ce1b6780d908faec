using System.Numerics;

namespace FlowCore.Transforms;

/// <summary>A transform that starts from the data that reaches it: a step of its own before training, never a side effect of a density (see <see cref="DataStart"/>).</summary>
/// <typeparam name="T">The number type.</typeparam>
public interface IDataStarted<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether it starts from data at all: a kind of transform may leave that to its settings.</summary>
    bool StartsFromData => true;

    /// <summary>Whether it has been started, or starts from no data. Files keep it.</summary>
    bool IsStarted { get; }

    /// <summary>Whether a training brings it all of its rows, where they have an end, rather than the first batch: ends of a range are known from all rows alone.</summary>
    bool StartsFromAllRows => false;

    /// <summary>Sets the parameters by these rows, and <see cref="IsStarted"/>: a normalisation so that they come out with mean 0 and variance 1, a box so that they lie inside.</summary>
    /// <param name="rows">Row-major [n, D], at least one row: what reaches the transform.</param>
    /// <param name="inverse">Whether the transform is passed backwards on the way to the noise, as an inverted one is: rows are then its z.</param>
    /// <exception cref="ArgumentException">The numbers make no rows or are not finite.</exception>
    void Start(ReadOnlySpan<T> rows, bool inverse = false);
}
