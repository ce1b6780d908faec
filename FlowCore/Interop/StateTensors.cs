using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.IO;
using FlowCore.Networks;

namespace FlowCore.Interop;

/// <summary>Parameters, networks and constants as tensors of a state dictionary: what the writers for other libraries share.</summary>
internal static class StateTensors
{
    /// <summary>A parameter as a tensor, in canonical order.</summary>
    public static TensorData Of<T>(Parameter<T> parameter, string prefix = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[parameter.Length];
        parameter.Read(values);
        return parameter.IsVector
            ? TensorData.Create<T>(prefix + parameter.Name, [parameter.Columns], values)
            : TensorData.Create<T>(prefix + parameter.Name, [parameter.Rows, parameter.Columns], values);
    }

    public static void AddNetwork<T>(List<TensorData> tensors, MaskedMlp<T> network, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            tensors.Add(Of(layer.Weight).Rename($"{name}.{2 * l}.weight"));
            tensors.Add(Of(layer.Bias).Rename($"{name}.{2 * l}.bias"));
            tensors.Add(TensorData.Create<bool>($"{name}.{2 * l}.mask", [layer.Weight.Rows, layer.Weight.Columns], network.Mask(l)));
        }
    }

    public static TensorData Numbers<T>(string name, IReadOnlyList<double> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[numbers.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = T.CreateTruncating(numbers[i]);
        return TensorData.Create<T>(name, [values.Length], values);
    }
}
