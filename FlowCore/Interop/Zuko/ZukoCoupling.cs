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

        var (inputs, hiddenSizes, outputs) = ZukoNetworks.ShapeOf(source, name);
        if (inputs < passing)
            throw new ModelFormatException($"The tensor '{name}.hyper.0.weight' has {inputs} inputs; expected at least the {passing} features that pass.");

        var perFeature = module.PerFeature(outputs, features - passing, ZukoNetworks.OutputOf(source, name, hiddenSizes.Length));
        var network = ZukoNetworks.Read<T>(source, module, name, [inputs, .. hiddenSizes, outputs], passing);
        return new Coupling<T>(module.UnivariateOf<T>(perFeature), passes, network);
    }

    public static void Write<T>(List<TensorData> tensors, Coupling<T> coupling, Mlp<T> network, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var passes = new bool[coupling.Features];
        foreach (var feature in coupling.Passing)
            passes[feature] = true;

        tensors.Add(TensorData.Create<bool>($"{name}.mask", [passes.Length], passes));
        ZukoNetworks.Write(tensors, network, name, coupling.ConditionColumns);
    }
}
