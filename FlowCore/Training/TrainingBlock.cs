using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Training;

/// <summary>The rows of one block of a batch, on a tape.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="X">[rows, features].</param>
/// <param name="Context">[rows, context features], or "no variable".</param>
/// <param name="Nuisances">[rows, nuisances], or "no variable".</param>
/// <param name="Weights">[rows, 1], or "no variable" for ones.</param>
public readonly record struct TrainingBlock<T>(Variable<T> X, Variable<T> Context, Variable<T> Nuisances, Variable<T> Weights)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
