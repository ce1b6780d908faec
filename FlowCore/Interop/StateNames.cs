using FlowCore.IO;

namespace FlowCore.Interop;

/// <summary>Finds the models among the names of a file's tensors, and takes off what stands before their names.</summary>
/// <remarks>
/// Checkpoints wrap the state dictionary ("state_dict", "module.", "_orig_mod.") or keep other tensors beside it. A model announces
/// itself by the name of its transforms.
/// </remarks>
internal static class StateNames
{
    /// <summary>What the names of a flow's transforms begin with.</summary>
    public const string Transforms = "transform.transforms.";

    private const string Top = ".";

    // What the names of a model begin with in other libraries; those of zuko are looked for first.
    private static readonly string[] _marks = [Transforms, "transform.ode."];
    private static readonly string[] _layerMarks = ["prqct.", "mprqat.", "autoregressive_net.", "transform_net."];
    private static readonly string[] _nflowsMarks = [$"{NflowsFlow.Transform}.", "_transforms.", $"{NflowsFlow.Distribution}.", "_embedding_net."];

    // What wrappers put into the middle of names; no module of the models themselves is called so.
    private static readonly string[] _wrappers = ["_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."];

    /// <summary>What stands before the names of each model, in the order of the file.</summary>
    public static string[] Prefixes(TensorArchive archive)
    {
        string[] names = [.. archive.Select(tensor => Unwrapped(tensor.Name))];
        var prefixes = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if ((PrefixOf(name, _marks) ?? PrefixOf(name, _nflowsMarks)) is { } prefix)
                prefixes.TryAdd(Outer(archive, prefix), true);
        }

        // The names of normflows' layers, of mixtures, and of layers alone may be those of other things around a model.
        foreach (var prefixOf in (Func<string, string?>[])[NormflowsPrefix, ZukoMixture.PrefixOf, name => PrefixOf(name, _layerMarks)])
        {
            if (prefixes.Count > 0)
                break;

            foreach (var name in names)
            {
                if (prefixOf(name) is { } prefix)
                    prefixes.TryAdd(prefix, true);
            }
        }

        return [.. prefixes.Keys];
    }

    /// <summary>Whether a name is that of a layer or of the base distribution of normflows.</summary>
    public static bool IsNormflows(string name) => NormflowsPrefix(name) is { Length: 0 };

    /// <summary>How a prefix is written where one is chosen.</summary>
    public static string KeyOf(string prefix) => prefix.Length == 0 ? Top : prefix.TrimEnd('.');

    /// <summary>The tensors of one model under its own names; an archive without any model comes back as it is.</summary>
    public static TensorArchive Unwrap(TensorArchive archive, string? key, out string prefix)
    {
        var prefixes = Prefixes(archive);
        prefix = "";
        if (prefixes.Length == 0)
            return archive;

        var chosen = Choose(prefixes, key);
        prefix = chosen;
        if (prefixes.Length == 1 && chosen.Length == 0 && !archive.Any(tensor => Unwrapped(tensor.Name) != tensor.Name))
            return archive;

        // A model inside another's names is another one.
        string[] inner = [.. prefixes.Where(other => other.Length > chosen.Length && other.StartsWith(chosen, StringComparison.Ordinal))];
        var metadata = archive.Metadata.Where(entry => entry.Key == StateSettings.Key).ToList();
        for (var at = chosen; at.Length > 0 && metadata.Count == 0; at = Parent(at))
        {
            if (archive.Metadata.TryGetValue($"{at}{StateSettings.Key}", out var text))
                metadata.Add(new(StateSettings.Key, text));
        }

        return new TensorArchive(
            archive.Where(tensor => IsOwn(tensor.Name)).Select(tensor => tensor.Rename(Unwrapped(tensor.Name)[chosen.Length..])).DistinctBy(tensor => tensor.Name),
            metadata,
            archive.Unread.Where(entry => IsOwn(entry.Key)).Select(entry => new KeyValuePair<string, string>(Unwrapped(entry.Key)[chosen.Length..], entry.Value)));

        bool IsOwn(string name)
        {
            var bare = Unwrapped(name);
            return bare.StartsWith(chosen, StringComparison.Ordinal) && !inner.Any(other => bare.StartsWith(other, StringComparison.Ordinal));
        }
    }

    private static string Choose(string[] prefixes, string? key)
    {
        const int MostShown = 10;
        var choices = $"'{string.Join("', '", prefixes.Take(MostShown).Select(KeyOf))}'{(prefixes.Length > MostShown ? " and more" : "")}";
        if (key is null)
        {
            return prefixes.Length == 1
                ? prefixes[0]
                : throw new ModelFormatException($"Expected one model, got {prefixes.Length}, under the keys {choices}; --key ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Key)}) chooses one.");
        }

        string[] named = [.. prefixes.Where(prefix => KeyOf(prefix) == KeyOf(key))];
        if (named.Length == 0)
            named = [.. prefixes.Where(prefix => $".{prefix}".Contains($".{key.Trim('.')}.", StringComparison.Ordinal))];

        return named.Length == 1 ? named[0] : throw new ModelFormatException($"Expected as key one of {choices}, got {ModelFormatException.Quote(key)}.");
    }

    private static string Unwrapped(string name)
    {
        foreach (var wrapper in _wrappers)
        {
            if (name.Contains(wrapper, StringComparison.Ordinal))
                name = name.Replace(wrapper, "", StringComparison.Ordinal);
        }

        return name;
    }

    // What stands before the first of the marks.
    private static string? PrefixOf(string name, string[] marks)
    {
        string? prefix = null;
        foreach (var mark in marks)
        {
            var at = name.StartsWith(mark, StringComparison.Ordinal) ? 0 : name.IndexOf($".{mark}", StringComparison.Ordinal) + 1;
            if ((at > 0 || name.StartsWith(mark, StringComparison.Ordinal)) && (prefix is null || at < prefix.Length))
                prefix = name[..at];
        }

        return prefix;
    }

    private static string? NormflowsPrefix(string name)
    {
        var prefix = PrefixOf(name, [NormflowsFlow.Flows, $"{NormflowsFlow.Base}."]);
        if (prefix is null)
            return null;

        // A layer has a number.
        var rest = name.AsSpan(prefix.Length);
        return !rest.StartsWith(NormflowsFlow.Flows) || (rest.Length > NormflowsFlow.Flows.Length && char.IsAsciiDigit(rest[NormflowsFlow.Flows.Length])) ? prefix : null;
    }

    private static string Parent(string prefix)
    {
        var dot = prefix.TrimEnd('.').LastIndexOf('.');
        return dot < 0 ? "" : prefix[..(dot + 1)];
    }

    // The base flow of a residual belongs to the residual; a flow that happens to be called so stands for itself.
    private static string Outer(TensorArchive archive, string prefix)
    {
        if (!prefix.EndsWith(ReferenceResidual.BasePrefix, StringComparison.Ordinal))
            return prefix;

        var outer = prefix[..^ReferenceResidual.BasePrefix.Length];
        return ReferenceResidual.Names(outer).Any(archive.Contains) ? outer : prefix;
    }
}
