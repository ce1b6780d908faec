using System.Numerics;

namespace FlowCore.Transforms;

/// <summary>A transform with numbers that follow the data from step to step without a gradient (see <see cref="StepUpdate"/>).</summary>
/// <typeparam name="T">The number type.</typeparam>
public interface IStepUpdated<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Moves the numbers towards those of a batch.</summary>
    /// <param name="rows">Row-major [n, D], at least one row: what reached the transform in the step.</param>
    /// <param name="momentum">How far, in (0, 1]: 1 replaces them.</param>
    /// <param name="inverse">Whether the transform is passed backwards on the way to the noise, as an inverted one is: rows are then its z.</param>
    /// <exception cref="ArgumentException">The numbers make no rows or are not finite.</exception>
    void Update(ReadOnlySpan<T> rows, double momentum, bool inverse = false);
}
