using System.Globalization;
using FlowCore.IO;

namespace FlowCore.Interop;

/// <summary>
/// Tells by their names which model tensors are of, so that one that is not supported is called what it is, and is never read as
/// another one that has tensors of the same shapes.
/// </summary>
internal static class StateKinds
{
    private const string Supported = "Expected a flow that is supported";
    private static readonly string[] _nflows = [$"{NflowsFlow.Transform}.", "_transforms.", $"{NflowsFlow.Distribution}.", "_embedding_net."];

    // What a single layer of nflows or normflows begins with, of which some are of both.
    private static readonly string[] _layers =
    [
        "autoregressive_net.", "transform_net.", "_permutation", "_weight", "lower_entries", "unconstrained_upper_diag", "log_upper_diag", "unconstrained_diagonal",
        "q_vectors", "initialized", "running_var", "_scale", "temperature", "unnormalized_",
    ];

    private static readonly string[] _normflowsLayers = ["prqct.", "mprqat.", "param_map.", "z_0", "log_S", "permutation._permutation", "data_dep_init_done", "inv_perm"];

    /// <summary>Whose the tensors of one model are.</summary>
    /// <param name="archive">The tensors, under the names that the model gives them.</param>
    /// <param name="given">What the caller says.</param>
    public static StateLibrary LibraryOf(TensorArchive archive, StateLibrary? given)
    {
        if (given is { } known)
            return known;

        if (Has([StateNames.Transforms]))
            return StateLibrary.Zuko;

        if (Has(_nflows))
            return StateLibrary.Nflows;

        if (archive.Any(tensor => StateNames.IsNormflows(tensor.Name)) || Has(_normflowsLayers) || (archive.Contains("u") && archive.Contains("w") && archive.Contains("b")))
            return StateLibrary.Normflows;

        if (archive.Any(tensor => tensor.Name.StartsWith("autoregressive_net.", StringComparison.Ordinal)) && !Has(["low"]))
        {
            throw new ModelFormatException(
                "Expected a model that says whose it is, got a single masked transform, which nflows and normflows call the same and mean differently; "
                + $"--library nflows or normflows ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Library)}) decides.");
        }

        return Has(_layers) ? StateLibrary.Nflows : StateLibrary.Zuko;

        bool Has(string[] starts) => archive.Any(tensor => starts.Any(start => tensor.Name.StartsWith(start, StringComparison.Ordinal)));
    }

    /// <summary>Throws where the tensors are not those of a flow of zuko that is supported.</summary>
    /// <param name="archive">The tensors of one model.</param>
    /// <param name="prefix">What stands before the flow's names.</param>
    /// <param name="isGaussian">Whether the caller says that networks without masks give the parameters of mixtures.</param>
    /// <exception cref="ModelFormatException">The tensors are of another model, which is named where it is known, or lack what a flow needs.</exception>
    public static void Check(TensorArchive archive, string prefix, bool isGaussian)
    {
        var modules = Modules(archive, prefix + StateNames.Transforms);
        if (modules.Count == 0)
            throw Foreign(archive);

        var hasBase = archive.Any(tensor => tensor.Name.StartsWith($"{prefix}base.", StringComparison.Ordinal));
        isGaussian |= modules.Values.Any(names => names.Contains("A"));
        foreach ((var index, var names) in modules)
        {
            if (names.Any(name => name.StartsWith("ode.", StringComparison.Ordinal)))
                throw new ModelFormatException($"{Supported}, got a continuous flow (CNF), which is not supported yet.");

            CheckLayers($"{prefix}{StateNames.Transforms}{index}.hyper", names);
            var isMasked = names.Any(name => name.EndsWith(".mask", StringComparison.Ordinal));
            if (isMasked && names.Contains("hyper.0.mask") && !names.Contains("order"))
            {
                throw new ModelFormatException(
                    $"Expected an order of the features, got masks without one in '{prefix}{StateNames.Transforms}{index}': transforms made from an adjacency matrix are not supported yet.");
            }

            var isBare = names.Contains("hyper.0.weight") && !names.Contains("order") && !names.Contains("mask") && !isMasked;
            if (isBare && (!hasBase || (BaseFeatures(archive, prefix) != 1 && !isGaussian)))
            {
                throw new ModelFormatException(
                    "Expected a whole state dictionary, got parameters without buffers (order, masks or mask, base): in Python, save flow.state_dict() and not its parameters.");
            }
        }
    }

    /// <summary>The names of the tensors of each transform, after its number.</summary>
    private static SortedDictionary<int, HashSet<string>> Modules(TensorArchive archive, string head)
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

    // A network of zuko is Linear, activation, Linear, ...: layers at 0, 2, 4, ..., with a normalisation between at 0, 3, 6, ...; or layers and
    // residual blocks as they come, the layers of a block at 0 and 2.
    private static void CheckLayers(string network, HashSet<string> names)
    {
        var (layers, blocks, step) = (new SortedSet<int>(), new SortedSet<int>(), 2);
        foreach (var name in names)
        {
            if (!name.StartsWith("hyper.", StringComparison.Ordinal))
                continue;

            var parts = name.Split('.');
            if (name.Contains("parametrizations", StringComparison.Ordinal) || name.EndsWith("weight_g", StringComparison.Ordinal) || name.EndsWith("weight_orig", StringComparison.Ordinal))
                throw new ModelFormatException($"Expected plain layers in the network '{network}', got reparametrised ones: in Python, remove the parametrisation (torch.nn.utils) before saving.");

            if (parts.Length is not (3 or 4) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) || (parts.Length == 4 && parts[2] is not ("0" or "2")))
                throw new ModelFormatException($"Expected a network of layers and residual blocks as '{network}', got {ModelFormatException.Quote(name)}, which is not supported.");

            (parts.Length == 3 ? layers : blocks).Add(layer);
        }

        if (blocks.Count > 0)
        {
            step = 1;
            layers.UnionWith(blocks);
        }
        else if (layers.Contains(3) && !layers.Contains(2))
        {
            step = 3;
        }

        var expected = 0;
        foreach (var layer in layers)
        {
            if (layer != expected)
                throw new ModelFormatException($"The tensor '{network}.{expected}.weight' is missing.");

            expected += step;
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
            Has("layer_list.") || Has("mlp_predictors.") ? "a model of jammy_flows"
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
