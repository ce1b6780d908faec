using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Numerics;

namespace FlowCore.Inference;

/// <summary>An expectation and its gradients.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="Value">I = E F(x).</param>
/// <param name="Parameters">∂I/∂θ for the name of each trainable parameter, in the parameter's shape.</param>
/// <param name="Context">∂I/∂c, one number a context feature: summed over the rows of the context, where there are several.</param>
/// <param name="Nuisances">∂I/∂ν, likewise.</param>
public sealed record ExpectationGradient<T>(Estimate Value, IReadOnlyDictionary<string, Tensor<T>> Parameters, IReadOnlyList<double> Context, IReadOnlyList<double> Nuisances)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Value}, gradients of {Parameters.Count} parameters ({string.Join(", ", Parameters.Keys.Order(StringComparer.Ordinal).Take(4))}{(Parameters.Count > 4 ? ", …" : "")}), "
        + $"of the context {NumberText.Of(Context)}, of the nuisances {NumberText.Of(Nuisances)}";
}
