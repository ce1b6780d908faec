using System.Numerics;
using FlowCore.IO;
using FlowCore.Networks;

namespace FlowCore.Interop;

/// <summary>Convolutional residual networks of nflows (ConvResidualNet), by the names of their layers.</summary>
internal static class StateConvolution
{
    /// <summary>Whether a network is one: its first layer has a window.</summary>
    public static bool IsOne(TensorSource source, string name) =>
        source.Contains($"{name}.initial_layer.weight") && source.Take($"{name}.initial_layer.weight").Shape.Length == 4;

    /// <summary>Reads a network of a coupling of channels.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="settings">What tensors do not say.</param>
    /// <param name="name">What the names of the file begin with.</param>
    /// <param name="own">What those of the network begin with.</param>
    /// <param name="channels">How many channels pass.</param>
    /// <param name="outputPlaces">For each output its place in the array that the network gives.</param>
    public static ConvolutionalNetwork<T> Read<T>(TensorSource source, StateSettings settings, string name, string own, int channels, int[] outputPlaces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (height, width) = settings.RequirePixels(name);
        var initial = source.Take($"{name}.initial_layer.weight", -1, -1, 1, 1).Shape;
        var hidden = checked((int)initial[0]);
        if (initial[1] != channels)
            throw new ModelFormatException($"The tensor '{name}.initial_layer.weight' has {initial[1]} channels; expected the {channels} that pass: contexts of convolutional networks are not supported.");

        var outputs = checked((int)source.Take($"{name}.final_layer.weight", -1, hidden, 1, 1).Shape[0]);
        var blocks = source.CountModules($"{name}.blocks.", ".conv_layers.0.weight");
        if (source.Any($"{name}.blocks.0.batch_norm_layers."))
            throw new ModelFormatException($"Expected a convolutional network without batch normalisation, got the tensors '{name}.blocks.0.batch_norm_layers', which are not supported.");

        var size = 1;
        for (var i = 0; i < blocks; i++)
        {
            var window = source.Take($"{name}.blocks.{i}.conv_layers.0.weight", hidden, hidden, -1, -1).Shape;
            if (window[2] != window[3] || (i > 0 && window[2] != size))
                throw new ModelFormatException($"The tensor '{name}.blocks.{i}.conv_layers.0.weight' has a window of {window[2]} x {window[3]}; expected one size everywhere.");
            size = checked((int)window[2]);
        }

        var network = StateSplines.Checked(name, () => new ConvolutionalNetwork<T>(
            new ConvolutionalSettings(channels, outputs, height, width)
            {
                HiddenChannels = hidden,
                Blocks = blocks,
                KernelSize = size,
                Activation = settings.Activation(StateSettings.NoModule),
            },
            [.. Enumerable.Range(0, channels * height * width)], outputPlaces, 0, own));
        foreach (var parameter in network.Parameters)
        {
            var tensor = TensorSource.Join(name, parameter.Name[(own.Length + 1)..]);
            var window = tensor.Contains(".conv_layers.", StringComparison.Ordinal) ? size : 1;
            parameter.Write(parameter.IsVector
                ? source.TakeNumbers<T>(tensor, parameter.Columns)
                : source.TakeNumbers<T>(tensor, parameter.Rows, parameter.Columns / (window * window), window, window));
        }

        return network;
    }
}
