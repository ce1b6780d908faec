using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Training;

/// <summary>The rows of one block of a batch, on a tape.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="X">[rows, features].</param>
/// <param name="Conditions">[rows, context features + nuisances], or "no variable".</param>
/// <param name="Weights">[rows, 1], or "no variable" for ones.</param>
public readonly record struct TrainingBlock<T>(Variable<T> X, Variable<T> Conditions, Variable<T> Weights)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
