using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Inference;

/// <summary>A density that can be evaluated but not sampled, known up to a constant: p̃ = Z p. A posterior is likelihood times prior.</summary>
/// <remarks>
/// <see cref="Target"/> makes one of a function. ln p̃ = −∞ says that there is no density: such rows have weight 0, and a training leaves them out. NaN, +∞ and a gradient that
/// is not finite are errors (<see cref="InvalidTargetException"/>). Thread-safe: several workers record at once, each on its own tape.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public interface ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>D, the features of x.</summary>
    int Features { get; }

    /// <summary>Whether the tape can differentiate ln p̃ by x.</summary>
    bool HasGradient => true;

    /// <summary>Records ln p̃ of each row.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="conditions">Context and nuisances of the model that is fitted, a block or a shared row; "no variable" for none.</param>
    /// <returns>[rows, 1].</returns>
    Variable<T> LogDensity(Tape<T> tape, Variable<T> x, Variable<T> conditions);
}
