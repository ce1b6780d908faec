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
    private readonly string[] _sorted;

    public TensorSource(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        _archive = archive;
        _sorted = [.. archive.Select(tensor => tensor.Name)];
        _unused = new HashSet<string>(_sorted, StringComparer.Ordinal);
        Array.Sort(_sorted, StringComparer.Ordinal);
    }

    public bool Contains(string name) => _archive.Contains(name);

    /// <summary>Whether a name begins with something.</summary>
    public bool Any(string prefix) => NamesUnder(prefix).Length > 0;

    /// <summary>The names that begin with something, sorted.</summary>
    public ReadOnlySpan<string> NamesUnder(string prefix)
    {
        var first = Array.BinarySearch(_sorted, prefix, StringComparer.Ordinal);
        first = first < 0 ? ~first : first;
        var last = first;
        while (last < _sorted.Length && _sorted[last].StartsWith(prefix, StringComparison.Ordinal))
            last++;
        return _sorted.AsSpan(first..last);
    }

    /// <summary>The numbers that stand behind a prefix and before a dot, ascending.</summary>
    public SortedSet<int> Indices(string prefix)
    {
        var indices = new SortedSet<int>();
        foreach (var name in NamesUnder(prefix))
        {
            var rest = name.AsSpan(prefix.Length);
            var dot = rest.IndexOf('.');
            if (dot > 0 && int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                indices.Add(index);
        }

        return indices;
    }

    /// <summary>The name of a tensor of a module, which has none itself where it is the whole model.</summary>
    public static string Join(string module, string name) => module.Length == 0 ? name : $"{module}.{name}";

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

    /// <summary>Takes the numbers of parameters that are called as those of the file are, behind a prefix.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="own">What their names begin with.</param>
    /// <param name="module">What the names of the file begin with.</param>
    /// <param name="asRows">Whether the file has vectors as matrices of one row.</param>
    public void Fill<T>(IEnumerable<Parameter<T>> parameters, string own, string module, bool asRows = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var parameter in parameters)
        {
            var name = Join(module, parameter.Name[(own.Length + 1)..]);
            parameter.Write(!parameter.IsVector ? TakeNumbers<T>(name, parameter.Rows, parameter.Columns)
                : asRows ? TakeNumbers<T>(name, 1, parameter.Columns) : TakeNumbers<T>(name, parameter.Columns));
        }
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

    /// <summary>The shape of a network of layers: its inputs, hidden sizes and outputs, read off the weights.</summary>
    /// <param name="name">What the names begin with.</param>
    /// <param name="step">From one layer's number to the next.</param>
    public (int Inputs, int[] HiddenSizes, int Outputs) NetworkShape(string name, int step = 2)
    {
        var layers = CountModules($"{name}.", ".weight", step);
        if (layers == 0)
            throw new ModelFormatException($"The tensor '{name}.0.weight' is missing.");
        if (layers > MaskedMlp<float>.MaximumHiddenLayers + 1)
            throw new ModelFormatException($"The network '{name}' has {layers} layers; at most {MaskedMlp<float>.MaximumHiddenLayers + 1} are supported.");
        var sizes = new int[layers];
        var inputs = 0;
        var previous = -1L;
        for (var l = 0; l < layers; l++)
        {
            var weight = Take($"{name}.{step * l}.weight", -1, previous);
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
            CheckMask($"{name}.{2 * l}.mask", network.Mask(l), rows, columns);
        }
    }

    /// <summary>Fills a network of blocks whose shape was read off the same tensors, and compares the masks with its own.</summary>
    /// <param name="network">The network.</param>
    /// <param name="own">What the names of its parameters begin with.</param>
    /// <param name="module">What the names of the file begin with.</param>
    /// <returns>The names of the masked layers, in the order of the masks.</returns>
    public IReadOnlyList<string> Fill<T>(MaskedResidualNetwork<T> network, string own, string module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string Weight = ".weight";
        Fill(network.Parameters, own, module);
        var layers = new List<string>();
        foreach (var parameter in network.Parameters)
        {
            // All layers are masked but those of the context; a normalisation has a number for each unit.
            var suffix = parameter.Name[(own.Length + 1)..];
            if (parameter.IsVector || !suffix.EndsWith(Weight, StringComparison.Ordinal) || suffix.EndsWith($"context_layer{Weight}", StringComparison.Ordinal))
                continue;

            var layer = Join(module, suffix[..^Weight.Length]);
            CheckMask($"{layer}.mask", network.Mask(layers.Count), parameter.Rows, parameter.Columns);
            layers.Add(layer);
        }

        return layers;
    }

    private void CheckMask(string name, bool[] expected, int rows, int columns)
    {
        var at = TakeFlags(name, rows, columns).AsSpan().CommonPrefixLength(expected);
        if (at < expected.Length)
        {
            throw new ModelFormatException(
                $"The tensor '{name}' is not the mask that the order of the features implies: [{at / columns}, {at % columns}] should be {expected[at]}.");
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
