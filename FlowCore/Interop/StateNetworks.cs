using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.IO;
using FlowCore.Networks;

namespace FlowCore.Interop;

/// <summary>Dense networks of the libraries, by the names of their layers.</summary>
internal static class StateNetworks
{
    private const string NotMlp = "a linear layer, a sequence of linear layers with activations between, a perceptron or a residual network of nflows or normflows";

    /// <summary>Reads a network that takes its inputs as they come: an encoder of the context.</summary>
    public static Network<T> ReadEncoder<T>(TensorSource source, StateSettings settings, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Contains($"{name}.initial_layer.weight"))
        {
            var inputs = (int)source.Take($"{name}.initial_layer.weight", -1, -1).Shape[1];
            return ReadResidual<T>(source, settings, name, name, inputs, gated: false);
        }

        return ReadMlp<T>(source, settings, name, name)
            ?? throw new ModelFormatException($"Expected {NotMlp} as '{name}', got {First(source, name)}.");
    }

    /// <summary>Reads a multilayer perceptron under any of the names that there are for one; null where it is something else.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="settings">What tensors do not say.</param>
    /// <param name="name">What the names of the file begin with.</param>
    /// <param name="own">What those of the network begin with.</param>
    /// <param name="rotated">By how many columns the first layer's inputs are moved to the left: those of the file that stand behind them here.</param>
    public static Mlp<T>? ReadMlp<T>(TensorSource source, StateSettings settings, string name, string own, int rotated = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Layers(source, name) is not { } layers)
            return null;

        var sizes = new int[layers.Count + 1];
        for (var l = 0; l < layers.Count; l++)
        {
            var weight = source.Take($"{layers[l]}.weight", -1, l == 0 ? -1 : sizes[l]);
            (sizes[l], sizes[l + 1]) = (checked((int)weight.Shape[1]), checked((int)weight.Shape[0]));
        }

        // A single layer has no activation to ask for.
        var network = new Mlp<T>(sizes, layers.Count == 1 ? UnaryFunction.ReLU : settings.Activation(StateSettings.NoModule), own);
        for (var l = 0; l < layers.Count; l++)
        {
            var weight = source.TakeNumbers<T>($"{layers[l]}.weight", sizes[l + 1], sizes[l]);
            network.Parameters[2 * l].Write(l == 0 ? Rotated(weight, sizes[0], rotated) : weight);
            network.Parameters[(2 * l) + 1].Write(source.TakeNumbers<T>($"{layers[l]}.bias", sizes[l + 1]));
        }

        return network;
    }

    /// <summary>Reads a residual network of nflows or normflows.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="settings">What tensors do not say.</param>
    /// <param name="name">What the names of the file begin with.</param>
    /// <param name="own">What those of the network begin with.</param>
    /// <param name="features">How many of the inputs are no context.</param>
    /// <param name="gated">Whether the rest of the inputs is a context, which every block reads as well.</param>
    public static ResidualNetwork<T> ReadResidual<T>(TensorSource source, StateSettings settings, string name, string own, int features, bool gated = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var initial = source.Take($"{name}.initial_layer.weight");
        if (initial.Shape.Length != 2)
            throw new ModelFormatException($"The tensor '{name}.initial_layer.weight' has {initial.Shape.Length} dimensions; expected 2: convolutional networks are read in couplings alone.");

        var (hidden, inputs) = (checked((int)initial.Shape[0]), checked((int)initial.Shape[1]));
        if (inputs < features || (!gated && inputs != features))
            throw new ModelFormatException($"The tensor '{name}.initial_layer.weight' has {inputs} inputs; expected at least the {features} features that pass.");

        var outputs = checked((int)source.Take($"{name}.final_layer.weight", -1, hidden).Shape[0]);
        var blocks = source.CountModules($"{name}.blocks.", ".linear_layers.0.weight");
        for (var i = 0; i < blocks; i++)
            source.Take($"{name}.blocks.{i}.linear_layers.0.weight", hidden, hidden);

        var network = new ResidualNetwork<T>(
            features, inputs - features, outputs, hidden, blocks, settings.Activation(StateSettings.NoModule), own,
            hasBatchNormalization: HasBatchNorm(source, name));
        source.Fill(network.Parameters, own, name);
        Start(source, network.Normalizations, own, name);
        return network;
    }

    /// <summary>Whether the blocks of a network have batch normalisations: two in a residual block, one in a feed-forward one.</summary>
    public static bool HasBatchNorm(TensorSource source, string name, bool isResidual = true) =>
        source.Any(isResidual ? $"{name}.blocks.0.batch_norm_layers." : $"{name}.blocks.0.batch_norm.");

    /// <summary>Takes the counts of batches, which nothing depends on, and lets the normalisations count as started.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="normalizations">Those of the network.</param>
    /// <param name="own">What the names of the network's parameters begin with.</param>
    /// <param name="module">What those of the file begin with.</param>
    public static void Start<T>(TensorSource source, IEnumerable<UnitNormalization<T>> normalizations, string own, string module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var normalization in normalizations)
        {
            normalization.IsStarted = true;
            source.TakeIntegers(TensorSource.Join(module, $"{normalization.Name[(own.Length + 1)..]}.num_batches_tracked"), 0, int.MaxValue);
        }
    }

    /// <summary>Rows whose first columns have gone behind the others.</summary>
    public static T[] Rotated<T>(T[] rows, int columns, int first)
    {
        if (first == 0 || first == columns)
            return rows;

        var rotated = new T[rows.Length];
        for (var start = 0; start < rows.Length; start += columns)
        {
            Array.Copy(rows, start + first, rotated, start, columns - first);
            Array.Copy(rows, start, rotated, start + columns - first, first);
        }

        return rotated;
    }

    /// <summary>A name that begins with something, for messages.</summary>
    public static string First(TensorSource source, string prefix) => source.NamesUnder(prefix) is [var name, ..] ? ModelFormatException.Quote(name) : "nothing";

    private static List<string>? Layers(TensorSource source, string name)
    {
        if (source.Contains($"{name}.weight"))
            return [name];

        if (source.Contains($"{name}._input_layer.weight"))
        {
            var hidden = source.CountModules($"{name}._hidden_layers.", ".weight");
            return [$"{name}._input_layer", .. Enumerable.Range(0, hidden).Select(i => $"{name}._hidden_layers.{i}"), $"{name}._output_layer"];
        }

        foreach (var sequence in (string[])[name, $"{name}.net"])
        {
            var count = source.CountModules($"{sequence}.", ".weight", step: 2);
            if (count == 0)
                continue;

            // Between two layers of a sequence stands an activation and nothing else.
            foreach (var index in source.Indices($"{sequence}."))
            {
                if (index % 2 != 0 || index >= 2 * count)
                    throw new ModelFormatException($"Expected linear layers at 0, 2, 4, ... of '{sequence}', with activations between, got {First(source, $"{sequence}.{index}.")}.");
            }

            return [.. Enumerable.Range(0, count).Select(l => $"{sequence}.{2 * l}")];
        }

        return null;
    }
}
