using System.Globalization;
using FlowCore.IO;

namespace FlowCore.Interop;

/// <summary>
/// Tells by their names which model tensors are of, so that one that is not supported is called what it is, and is never read as
/// another one that has tensors of the same shapes.
/// </summary>
internal static class StateKinds
{
    private const string Supported = "Expected a flow of zuko that is supported (MAF, NSF, NICE, RealNVP, GF, SOSPF, NAF, UNAF)";

    /// <summary>Throws where the tensors are not those of a flow that is supported.</summary>
    /// <param name="archive">The tensors of one model.</param>
    /// <param name="prefix">What stands before the flow's names.</param>
    /// <exception cref="ModelFormatException">The tensors are of another model, which is named where it is known, or lack what a flow needs.</exception>
    public static void Check(TensorArchive archive, string prefix)
    {
        var modules = Modules(archive, prefix + StateNames.Transforms);
        if (modules.Count == 0)
            throw Foreign(archive);

        var hasBase = archive.Any(tensor => tensor.Name.StartsWith($"{prefix}base.", StringComparison.Ordinal));
        foreach ((var index, var names) in modules)
        {
            if (Other(names) is { } kind)
                throw new ModelFormatException($"{Supported}, got {kind}.");

            CheckLayers($"{prefix}{StateNames.Transforms}{index}.hyper", names);
            var isBare = names.Contains("hyper.0.weight") && !names.Contains("order") && !names.Contains("mask") && !names.Any(name => name.EndsWith(".mask", StringComparison.Ordinal));
            if (isBare && (!hasBase || BaseFeatures(archive, prefix) != 1))
            {
                throw new ModelFormatException(
                    "Expected a whole state dictionary, got parameters without buffers (order, masks or mask, base): in Python, save flow.state_dict() and not its parameters.");
            }
        }

        var last = modules.Keys.Max();
        if (last != modules.Count - 1)
        {
            var gap = Enumerable.Range(0, last).First(index => !modules.ContainsKey(index));
            throw new ModelFormatException(
                $"{Supported}, got transforms without tensors (at {gap}): one with fixed transforms between, which is not supported yet.");
        }
    }

    /// <summary>The names of the tensors of each transform, after its number.</summary>
    internal static SortedDictionary<int, HashSet<string>> Modules(TensorArchive archive, string head)
    {
        var modules = new SortedDictionary<int, HashSet<string>>();
        foreach (var tensor in archive)
        {
            if (!tensor.Name.StartsWith(head, StringComparison.Ordinal))
                continue;

            var rest = tensor.Name.AsSpan(head.Length);
            var dot = rest.IndexOf('.');
            if (dot <= 0 || !int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                continue;

            if (!modules.TryGetValue(index, out var names))
                modules.Add(index, names = new HashSet<string>(StringComparer.Ordinal));

            names.Add(rest[(dot + 1)..].ToString());
        }

        return modules;
    }

    private static string? Other(HashSet<string> names)
    {
        if (names.Any(name => name.StartsWith("ode.", StringComparison.Ordinal)))
            return "a continuous flow (CNF), which is not supported yet";

        return names.Contains("phi.0") && !names.Contains("phi.1")
            ? "a Bernstein polynomial flow (BPF), which is not supported yet"
            : null;
    }

    // A network of zuko is Linear, activation, Linear, ...: layers at 0, 2, 4, ... and nothing else.
    private static void CheckLayers(string network, HashSet<string> names)
    {
        var layers = new SortedSet<int>();
        foreach (var name in names)
        {
            if (!name.StartsWith("hyper.", StringComparison.Ordinal))
                continue;

            var parts = name.Split('.');
            if (name.Contains("parametrizations", StringComparison.Ordinal) || name.EndsWith("weight_g", StringComparison.Ordinal) || name.EndsWith("weight_orig", StringComparison.Ordinal))
                throw new ModelFormatException($"Expected plain layers in the network '{network}', got reparametrised ones: in Python, remove the parametrisation (torch.nn.utils) before saving.");

            if (parts.Length != 3 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var layer))
                throw new ModelFormatException($"Expected a network of plain layers as '{network}', got {ModelFormatException.Quote(name)}: residual networks (residual=True) are not supported yet.");

            layers.Add(layer);
        }

        var expected = 0;
        foreach (var layer in layers)
        {
            if (layer != expected)
            {
                throw new ModelFormatException(layer % 3 == 0 && !layers.Contains(2)
                    ? $"Expected the layers of the network '{network}' at 0, 2, 4, ..., got one at {layer}: normalised networks (normalize=True) are not supported yet."
                    : $"The tensor '{network}.{expected}.weight' is missing.");
            }

            expected += 2;
        }
    }

    private static long BaseFeatures(TensorArchive archive, string prefix)
    {
        foreach (var name in (string[])["loc", "_0", "lower"])
        {
            if (archive.TryGet($"{prefix}base.{name}", out var tensor))
                return tensor.Count;
        }

        return 0;
    }

    // Other libraries by the names of their modules.
    private static ModelFormatException Foreign(TensorArchive archive)
    {
        const int MostShown = 3;
        string[] names = [.. archive.Select(tensor => tensor.Name)];
        var kind =
            Has("transform.ode.") || Has("transform.freqs") ? "a continuous flow (CNF) of zuko"
            : Has("layer_list.") || Has("mlp_predictors.") ? "a model of jammy_flows"
            : Has("prqct.") || Has("flows.") || Has("q0.") ? "a model of normflows"
            : Has("_transform._transforms.") || Has("_transforms.") || Has("autoregressive_net.") || Has("transform_net.") || Has("_distribution.") ? "a flow of nflows, glasflow or mbank"
            : Has("phi.0") && Has("phi.1") && Has("phi.2") ? "a Gaussian mixture (GMM) of zuko"
            : Has("transforms.0.hyper.") ? "a flow of a version of zuko before 1.0, or its transform alone"
            : null;
        if (kind is not null)
            return new ModelFormatException($"{Supported}, got {kind}, which is not supported yet.");

        foreach ((var name, var description) in archive.Unread)
        {
            if (description.StartsWith("a whole module", StringComparison.Ordinal))
                return new ModelFormatException($"Expected the tensors of a model, got {description} under {ModelFormatException.Quote(name)}: in Python, save its state_dict().");
        }

        if (names.Length == 0)
            return new ModelFormatException($"Expected the tensors of a model, got none{(archive.Unread.Count > 0 ? $" but {archive.Unread.First().Value} under {ModelFormatException.Quote(archive.Unread.First().Key)}" : "")}.");

        return new ModelFormatException(
            $"Expected the tensors of a flow, with names such as '{StateNames.Transforms}0.hyper.0.weight', got {string.Join(", ", names.Take(MostShown).Select(ModelFormatException.Quote))}"
            + $"{(names.Length > MostShown ? " and others" : "")}.");

        bool Has(string start) => names.Any(name => name.StartsWith(start, StringComparison.Ordinal) || name.Contains($".{start}", StringComparison.Ordinal));
    }
}
