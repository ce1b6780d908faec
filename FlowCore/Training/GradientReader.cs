using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;

namespace FlowCore.Training;

/// <summary>Copies gradients out of a buffer that is laid out as a store's, in canonical order and divided by the sum of the weights.</summary>
/// <param name="store">The parameters.</param>
/// <param name="kernels">The queue that read the gradients last.</param>
/// <param name="gradients">The gradients of a weighted sum.</param>
internal sealed class GradientReader<T>(ParameterStore<T> store, Kernels<T> kernels, DeviceMemory<T> gradients)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _host = new T[store.Parameters.Max(parameter => parameter.Length)];

    public void Read(Parameter<T> parameter, double weight, Span<T> destination)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!ReferenceEquals(parameter.Store, store) || !parameter.Trainable)
            throw new ArgumentException($"Expected a parameter that is trained here, got '{parameter.Name}', which is not.", nameof(parameter));
        var values = _host.AsSpan(0, parameter.Length);
        kernels.Read(gradients, parameter.Offset, values);
        parameter.ToCanonical(values, destination);
        if (weight is 0 or 1)
            return;
        for (var i = 0; i < destination.Length; i++)
            destination[i] = T.CreateTruncating(double.CreateTruncating(destination[i]) / weight);
    }

    public IReadOnlyDictionary<string, Tensor<T>> ReadAll(double weight)
    {
        var result = new OrderedDictionary<string, Tensor<T>>(StringComparer.Ordinal);
        foreach (var parameter in store.Parameters)
        {
            if (!parameter.Trainable)
                continue;
            var values = new T[parameter.Length];
            Read(parameter, weight, values);
            result.Add(parameter.NameInStore, Tensor.Create(values, parameter.IsVector ? [parameter.Length] : [parameter.Rows, parameter.Columns]));
        }

        return result;
    }
}
