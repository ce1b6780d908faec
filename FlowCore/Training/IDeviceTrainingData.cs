using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Training;

/// <summary>
/// A source that makes its rows where the model computes, from random numbers and operations of the tape: a generator whose
/// batch never crosses to an accelerator.
/// </summary>
/// <remarks>
/// The trainer calls <see cref="Draw"/> in place of <see cref="ITrainingData{T}.Fill"/>. What it gives must depend on the
/// request alone, and a row not on how the batch is cut: take row r's random numbers at an offset that is a multiple of
/// <c>FirstRow + r</c> with <see cref="Tape{T}.Draw"/>. Thread-safe: several workers draw at once, each on its own tape.
/// <see cref="DensityModelData{T}"/> is an example.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public interface IDeviceTrainingData<T> : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the wanted rows on a tape, whose block has as many rows.</summary>
    /// <param name="request">Which rows.</param>
    /// <param name="tape">The tape.</param>
    /// <returns>The block.</returns>
    TrainingBlock<T> Draw(in BatchRequest request, Tape<T> tape);
}
