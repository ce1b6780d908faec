using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>The networks of zuko: <c>hyper</c> with and without masks, and those that a feature has for itself, <c>univariate</c>.</summary>
internal static class ZukoNetworks
{
    private const string Hyper = "hyper";
    private const string Monotone = "univariate.network";
    private const string Integrand = "univariate.integrand";

    /// <summary>The shape of a network without masks: its inputs, hidden sizes and outputs.</summary>
    public static (int Inputs, int[] HiddenSizes, int Outputs) ShapeOf(TensorSource source, string name) => source.NetworkShape($"{name}.{Hyper}", StepOf(source, name));

    /// <summary>The name of the tensor that gives the outputs of a network without masks.</summary>
    public static string OutputOf(TensorSource source, string name, int hiddenLayers) => $"{name}.{Hyper}.{StepOf(source, name) * hiddenLayers}.weight";

    /// <summary>Reads a network without masks.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="module">The transform.</param>
    /// <param name="name">What its names begin with, and those of the network after it.</param>
    /// <param name="sizes">Its inputs, hidden sizes and outputs.</param>
    /// <param name="rotated">How many inputs stand behind the others here.</param>
    public static Mlp<T> Read<T>(TensorSource source, ZukoModule module, string name, int[] sizes, int rotated = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var step = StepOf(source, name);
        var network = StateSplines.Checked(name, () => new Mlp<T>(sizes, module.Activation, $"{module.OwnName}.{Hyper}", normalizes: step == 3));
        for (var p = 0; p < network.Parameters.Count; p += 2)
        {
            var weight = network.Parameters[p];
            var layer = $"{name}.{Hyper}.{step * p / 2}";
            var values = source.TakeNumbers<T>($"{layer}.weight", weight.Rows, weight.Columns);
            weight.Write(p == 0 ? StateNetworks.Rotated(values, sizes[0], rotated) : values);
            network.Parameters[p + 1].Write(source.TakeNumbers<T>($"{layer}.bias", weight.Rows));
        }

        return network;
    }

    /// <summary>Adds a network without masks.</summary>
    public static void Write<T>(List<TensorData> tensors, Mlp<T> network, string name, int rotated = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var step = network.Normalizes ? 3 : 2;
        for (var p = 0; p < network.Parameters.Count; p++)
        {
            var tensor = StateTensors.Of(network.Parameters[p]).Rename($"{name}.{Hyper}.{step * (p / 2)}.{(p % 2 == 0 ? "weight" : "bias")}");
            tensors.Add(p > 0 || rotated == 0
                ? tensor
                : TensorData.Create<T>(tensor.Name, tensor.Shape.AsSpan(), StateNetworks.Rotated(tensor.ToArray<T>(), network.Inputs, rotated)));
        }
    }

    /// <summary>Reads a masked network, whose outputs tell how many parameters a feature has.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="module">The transform.</param>
    /// <param name="ranks">The order of the features.</param>
    public static MaskedNetwork<T> ReadMasked<T>(TensorSource source, ZukoModule module, int[] ranks)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = $"{module.Name}.{Hyper}";
        var own = $"{module.OwnName}.{Hyper}";
        var isResidual = source.Contains($"{name}.1.0.weight");
        var (inputs, hiddenSizes, outputs, last) = isResidual ? ResidualShape(source, name) : PlainShape(source, name);
        if (inputs < ranks.Length)
            throw new ModelFormatException($"The tensor '{name}.0.weight' has {inputs} inputs; expected at least the {ranks.Length} features.");

        var perFeature = module.PerFeature(outputs, ranks.Length, last);
        var order = new AutoregressiveOrder(ranks, inputs - ranks.Length);
        if (isResidual)
        {
            var blocks = StateSplines.Checked(name, () => new MaskedResidualMlp<T>(order, hiddenSizes, perFeature, module.Activation, own));
            source.Fill(blocks, own, name);
            return blocks;
        }

        var network = MaskedMlp<T>.Zeros(order, hiddenSizes, perFeature, module.Activation, own);
        source.Fill(network, name);
        return network;
    }

    /// <summary>Adds a masked network.</summary>
    public static void Write<T>(List<TensorData> tensors, MaskedNetwork<T> network, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (network is MaskedMlp<T> plain)
        {
            StateTensors.AddNetwork(tensors, plain, $"{name}.{Hyper}");
            return;
        }

        var residual = (MaskedResidualMlp<T>)network;
        for (var p = 0; p < residual.Parameters.Count; p += 2)
        {
            var (weight, bias) = (residual.Parameters[p], residual.Parameters[p + 1]);
            var layer = $"{name}.{Hyper}{weight.Name[residual.Name.Length..^".weight".Length]}";
            tensors.Add(StateTensors.Of(weight).Rename($"{layer}.weight"));
            tensors.Add(StateTensors.Of(bias).Rename($"{layer}.bias"));
            tensors.Add(TensorData.Create<bool>($"{layer}.mask", [weight.Rows, weight.Columns], residual.Mask(p / 2)));
        }
    }

    /// <summary>Whether the features of a transform have networks of their own.</summary>
    public static bool HasOwn(TensorSource source, string name) => source.Any($"{name}.{Monotone}.") || source.Any($"{name}.{Integrand}.");

    /// <summary>Reads the networks that the features of a transform have for themselves.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="module">The transform.</param>
    /// <param name="features">How many features.</param>
    /// <param name="perFeature">How many numbers the conditioner gives each, the signals and for integrals a constant.</param>
    public static Univariate<T> ReadOwn<T>(TensorSource source, ZukoModule module, int features, int perFeature)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var isIntegral = source.Any($"{module.Name}.{Integrand}.");
        var name = $"{module.Name}.{(isIntegral ? Integrand : Monotone)}";
        var signals = isIntegral ? perFeature - 1 : perFeature;
        var layers = source.CountModules($"{name}.", ".weight", step: 2);
        var sizes = new List<int>();
        for (var l = 0; l < layers; l++)
            sizes.Add(checked((int)source.Take($"{name}.{2 * l}.weight", features, -1, l == 0 ? signals + 1 : sizes[^1]).Shape[1]));

        if (sizes.Count < 2 || sizes[^1] != 1)
            throw new ModelFormatException($"Expected networks of hidden layers and one output as '{name}', got {sizes.Count} layers.");

        var (own, hidden) = ($"{module.OwnName}.univariate", sizes.SkipLast(1).ToList());
        var univariate = StateSplines.Checked<Univariate<T>>(name, () => isIntegral
            ? new IntegratedNetwork<T>(features, own, signals, hidden, activation: ZukoModule.IntegrandActivation)
            : new MonotoneNetwork<T>(features, own, signals, hidden));
        for (var p = 0; p < univariate.Parameters.Count; p++)
        {
            var l = p / 2;
            univariate.Parameters[p].Write(p % 2 == 0
                ? source.TakeNumbers<T>($"{name}.{2 * l}.weight", features, sizes[l], l == 0 ? signals + 1 : sizes[l - 1])
                : source.TakeNumbers<T>($"{name}.{2 * l}.bias", features, sizes[l]));
        }

        return univariate;
    }

    /// <summary>Adds the networks that features have for themselves, if τ has such.</summary>
    public static void WriteOwn<T>(List<TensorData> tensors, Univariate<T> univariate, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var own = univariate is MonotoneNetwork<T> ? Monotone : Integrand;
        for (var p = 0; p < univariate.Parameters.Count; p++)
        {
            var parameter = univariate.Parameters[p];
            var tensor = StateTensors.Of(parameter);
            var outputs = parameter.IsVector ? parameter.Columns / univariate.Features : parameter.Rows / univariate.Features;
            long[] shape = parameter.IsVector ? [univariate.Features, outputs] : [univariate.Features, outputs, parameter.Columns];
            tensors.Add(TensorData.Create<T>($"{name}.{own}.{2 * (p / 2)}.{(p % 2 == 0 ? "weight" : "bias")}", shape, tensor.ToArray<T>()));
        }
    }

    // Where layers are normalised, three modules stand for one.
    private static int StepOf(TensorSource source, string name) => source.Contains($"{name}.{Hyper}.3.weight") && !source.Contains($"{name}.{Hyper}.2.weight") ? 3 : 2;

    private static (int Inputs, int[] HiddenSizes, int Outputs, string Last) PlainShape(TensorSource source, string name)
    {
        var (inputs, hiddenSizes, outputs) = source.NetworkShape(name);
        return (inputs, hiddenSizes, outputs, $"{name}.{2 * hiddenSizes.Length}.weight");
    }

    private static (int Inputs, int[] HiddenSizes, int Outputs, string Last) ResidualShape(TensorSource source, string name)
    {
        var places = source.Indices($"{name}.");
        var widths = new List<int>();
        foreach (var place in places)
        {
            var block = $"{name}.{place}.0.weight";
            if (!source.Contains(block))
                continue;

            var width = source.Take(block, -1, -1).Shape[0];
            source.Take(block, width, width);
            widths.Add(checked((int)width));
        }

        var last = $"{name}.{places.Max}.weight";
        return (checked((int)source.Take($"{name}.0.weight", -1, -1).Shape[1]), [.. widths], checked((int)source.Take(last, -1, -1).Shape[0]), last);
    }
}
