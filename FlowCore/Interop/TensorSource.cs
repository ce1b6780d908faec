using System.Globalization;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.IO;
using FlowCore.Networks;

namespace FlowCore.Interop;

/// <summary>The tensors of an archive as a reader takes them, each once, so that what nobody took can be named.</summary>
internal sealed class TensorSource
{
    // More layers or modules than any model has: an index beyond it is not worth searching for.
    private const int MostModules = 4096;

    private readonly TensorArchive _archive;
    private readonly HashSet<string> _unused;

    public TensorSource(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        _archive = archive;
        _unused = new HashSet<string>(archive.Select(tensor => tensor.Name), StringComparer.Ordinal);
    }

    public bool Contains(string name) => _archive.Contains(name);

    /// <summary>Takes a tensor, or says that it is missing.</summary>
    public TensorData Take(string name)
    {
        if (!_archive.TryGet(name, out var tensor))
        {
            throw new ModelFormatException(_archive.Unread.TryGetValue(name, out var description)
                ? $"Expected numbers as the tensor '{name}', got {description}, which is not read."
                : $"The tensor '{name}' is missing.");
        }

        _unused.Remove(name);
        return tensor;
    }

    /// <summary>Takes a tensor of given sizes; −1 for a size that is free.</summary>
    public TensorData Take(string name, params ReadOnlySpan<long> shape)
    {
        var tensor = Take(name);
        var matches = tensor.Shape.Length == shape.Length;
        for (var i = 0; matches && i < shape.Length; i++)
            matches = shape[i] < 0 ? tensor.Shape[i] > 0 : tensor.Shape[i] == shape[i];
        if (!matches)
        {
            var expected = string.Join(", ", shape.ToArray().Select(size => size < 0 ? "n" : size.ToString(CultureInfo.InvariantCulture)));
            throw new ModelFormatException($"The tensor '{name}' has the shape [{string.Join(", ", tensor.Shape)}]; expected [{expected}].");
        }

        return tensor;
    }

    /// <summary>Takes finite floating-point numbers.</summary>
    public T[] TakeNumbers<T>(string name, params ReadOnlySpan<long> shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = Take(name, shape);
        if (tensor.ElementType is not (ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64))
            throw new ModelFormatException($"The tensor '{name}' holds {tensor.ElementType}; expected floating-point numbers.");
        var values = tensor.ToArray<T>();
        foreach (var value in values)
        {
            if (!T.IsFinite(value))
                throw new ModelFormatException($"The tensor '{name}' holds {value}; expected finite numbers.");
        }

        return values;
    }

    /// <summary>Takes integers that lie in a range; whole numbers of any type, as a model has them that was converted with its buffers.</summary>
    public int[] TakeIntegers(string name, int least, int most, params ReadOnlySpan<long> shape)
    {
        var tensor = Take(name, shape);
        if (tensor.ElementType == ElementType.Bool)
            throw new ModelFormatException($"The tensor '{name}' holds {tensor.ElementType}; expected integers.");
        var values = tensor.ToArray<double>();
        var result = new int[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            if (!double.IsInteger(values[i]))
                throw new ModelFormatException($"The tensor '{name}' holds {values[i].ToString(CultureInfo.InvariantCulture)}; expected integers.");
            if (values[i] < least || values[i] > most)
                throw new ModelFormatException($"The tensor '{name}' holds {values[i]}; expected {least} to {most}.");
            result[i] = (int)values[i];
        }

        return result;
    }

    /// <summary>Takes booleans; zeros and ones of any type, as a model has them that was converted with its buffers.</summary>
    public bool[] TakeFlags(string name, params ReadOnlySpan<long> shape)
    {
        var values = Take(name, shape).ToArray<double>();
        var result = new bool[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            if (values[i] is not (0 or 1))
                throw new ModelFormatException($"The tensor '{name}' holds {values[i].ToString(CultureInfo.InvariantCulture)}; expected booleans, or 0 and 1.");
            result[i] = values[i] == 1;
        }

        return result;
    }

    /// <summary>How many consecutive numbers, from 0 in steps, stand between a prefix and a suffix of tensor names.</summary>
    public int CountModules(string prefix, string suffix, int step = 1)
    {
        var count = 0;
        while (count < MostModules && Contains($"{prefix}{count * step}{suffix}"))
            count++;
        return count;
    }

    /// <summary>The shape of a masked network: its inputs, hidden sizes and outputs, read off the weights.</summary>
    public (int Inputs, int[] HiddenSizes, int Outputs) NetworkShape(string name)
    {
        var layers = CountModules($"{name}.", ".weight", step: 2);
        if (layers == 0)
            throw new ModelFormatException($"The tensor '{name}.0.weight' is missing.");
        if (layers > MaskedMlp<float>.MaximumHiddenLayers + 1)
            throw new ModelFormatException($"The network '{name}' has {layers} layers; at most {MaskedMlp<float>.MaximumHiddenLayers + 1} are supported.");
        var sizes = new int[layers];
        var inputs = 0;
        var previous = -1L;
        for (var l = 0; l < layers; l++)
        {
            var weight = Take($"{name}.{2 * l}.weight", -1, previous);
            if (l == 0)
                inputs = checked((int)weight.Shape[1]);
            previous = weight.Shape[0];
            sizes[l] = checked((int)previous);
        }

        return (inputs, sizes[..^1], sizes[^1]);
    }

    /// <summary>Fills a network whose shape was read off the same tensors, and compares the masks with its own.</summary>
    public void Fill<T>(MaskedMlp<T> network, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            int rows = layer.Weight.Rows, columns = layer.Weight.Columns;
            layer.Weight.Write(TakeNumbers<T>($"{name}.{2 * l}.weight", rows, columns));
            layer.Bias.Write(TakeNumbers<T>($"{name}.{2 * l}.bias", rows));
            var maskName = $"{name}.{2 * l}.mask";
            var expected = network.Mask(l);
            var at = TakeFlags(maskName, rows, columns).AsSpan().CommonPrefixLength(expected);
            if (at < expected.Length)
            {
                throw new ModelFormatException(
                    $"The tensor '{maskName}' is not the mask that the order of the features implies: [{at / columns}, {at % columns}] should be {expected[at]}.");
            }
        }
    }

    /// <summary>Names a tensor that nobody took, if there is one.</summary>
    public void CheckAllUsed()
    {
        foreach (var tensor in _archive)
        {
            if (_unused.Contains(tensor.Name))
                throw new ModelFormatException($"The tensor '{tensor.Name}' belongs to no part of the model.{(_unused.Count > 1 ? $" {_unused.Count - 1} more do not either." : "")}");
        }
    }
}
