using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FlowCore.Training;

/// <summary>A loss and its gradient.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="Loss">The weighted mean over the rows.</param>
/// <param name="Gradients">For the name of each trainable parameter its gradient in the parameter's shape, in the order of the state.</param>
public sealed record LossGradient<T>(double Loss, IReadOnlyDictionary<string, Tensor<T>> Gradients)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Loss:g6}, gradients of {Gradients.Count} parameters");
}
