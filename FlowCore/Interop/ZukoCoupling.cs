using System.Numerics;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>
/// Couplings under the names of zuko: <c>mask</c>, true for the features that pass, and a network <c>hyper</c> without masks whose
/// inputs are the passing features and then the context, and whose outputs stand feature by feature.
/// </summary>
/// <remarks>This library's couplings have the conditions first, so the columns of the first layer change places, which is exact.</remarks>
internal static class ZukoCoupling
{
    public static Coupling<T> Read<T>(TensorSource source, ZukoModule module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        var features = source.Take($"{name}.mask", -1).Count;
        var passes = source.TakeFlags($"{name}.mask", features);
        var passing = passes.Count(pass => pass);
        if (passing == 0 || passing == features)
            throw new ModelFormatException($"The tensor '{name}.mask' lets {passing} of {features} features pass; expected some, and not all.");

        var (inputs, hiddenSizes, outputs) = source.NetworkShape($"{name}.hyper");
        if (inputs < passing)
            throw new ModelFormatException($"The tensor '{name}.hyper.0.weight' has {inputs} inputs; expected at least the {passing} features that pass.");

        var perFeature = module.PerFeature(outputs, features - passing, $"{name}.hyper.{2 * hiddenSizes.Length}.weight");
        var context = inputs - passing;
        var part = new Coupling<T>(module.UnivariateOf<T>(perFeature), passes, context, hiddenSizes, module.Activation, module.OwnName);
        for (var p = 0; p < part.Parameters.Count; p += 2)
        {
            var weight = part.Parameters[p];
            var values = source.TakeNumbers<T>($"{name}.hyper.{p}.weight", weight.Rows, weight.Columns);
            weight.Write(p == 0 ? Rotated(values, inputs, passing) : values);
            part.Parameters[p + 1].Write(source.TakeNumbers<T>($"{name}.hyper.{p}.bias", weight.Rows));
        }

        return part;
    }

    public static void Write<T>(List<TensorData> tensors, Coupling<T> coupling, Mlp<T> network, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var passes = new bool[coupling.Features];
        foreach (var feature in coupling.Passing)
            passes[feature] = true;

        tensors.Add(TensorData.Create<bool>($"{name}.mask", [passes.Length], passes));
        for (var p = 0; p < network.Parameters.Count; p++)
        {
            var tensor = StateTensors.Of(network.Parameters[p]).Rename($"{name}.hyper.{2 * (p / 2)}.{(p % 2 == 0 ? "weight" : "bias")}");
            tensors.Add(p > 0
                ? tensor
                : TensorData.Create<T>(tensor.Name, tensor.Shape.AsSpan(), Rotated(tensor.ToArray<T>(), network.Inputs, coupling.ConditionColumns)));
        }
    }

    /// <summary>Rows whose first columns have gone behind the others.</summary>
    private static T[] Rotated<T>(T[] rows, int columns, int first)
    {
        var rotated = new T[rows.Length];
        for (var start = 0; start < rows.Length; start += columns)
        {
            Array.Copy(rows, start + first, rotated, start, columns - first);
            Array.Copy(rows, start, rotated, start + columns - first, first);
        }

        return rotated;
    }
}
