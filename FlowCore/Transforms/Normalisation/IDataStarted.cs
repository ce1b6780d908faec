using System.Numerics;

namespace FlowCore.Transforms;

/// <summary>A transform that starts from the data that reaches it: a step of its own before training, never a side effect of a density (see <see cref="DataStart"/>).</summary>
/// <typeparam name="T">The number type.</typeparam>
public interface IDataStarted<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether it has been started. Files keep it.</summary>
    bool IsStarted { get; }

    /// <summary>Sets the parameters so that what comes out for these rows has mean 0 and variance 1, and <see cref="IsStarted"/>.</summary>
    /// <param name="rows">Row-major [n, D], at least one row: what reaches the transform.</param>
    /// <param name="inverse">Whether the transform is passed backwards on the way to the noise, as an inverted one is: rows are then its z.</param>
    /// <exception cref="ArgumentException">The numbers make no rows or are not finite.</exception>
    void Start(ReadOnlySpan<T> rows, bool inverse = false);
}
