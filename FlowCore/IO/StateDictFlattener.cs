using System.Globalization;
using System.Numerics;

namespace FlowCore.IO;

/// <summary>
/// Turns the nested dictionaries of a pickle into names with dots. The objects of a pickle may contain themselves or
/// be shared so often that a few bytes stand for an endless tree: depth is bounded, and visits and names are counted against the
/// file's budget.
/// </summary>
/// <remarks>What is no tensor never decides whether tensors can be read: it becomes a value, in the worst case a description.</remarks>
internal sealed class StateDictFlattener
{
    private const int MaximumDepth = 64;

    // A visit's entries in lists and sets, at most, in bytes.
    private const int VisitCost = 128;

    // Longer lists of numbers are histories that nobody reads one by one.
    private const int LongestList = 4096;

    // What all lists together may come to.
    private const int MostItems = 1 << 20;

    private readonly string _file;
    private readonly ReadBudget _budget;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repeated = new(StringComparer.Ordinal);
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, bool> _holdsTensors = new(ReferenceEqualityComparer.Instance);
    private long _items;

    private StateDictFlattener(string file, ReadBudget budget)
    {
        _file = file;
        _budget = budget;
    }

    /// <summary>The tensors, in order.</summary>
    public List<KeyValuePair<string, PickleTensor>> Tensors { get; } = [];

    /// <summary>Everything else, in order.</summary>
    public OrderedDictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Text that dictionaries carry as an attribute beside the versions of their modules; keys begin with the names of the dictionaries.</summary>
    public OrderedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Walks the object that a pickle holds.</summary>
    /// <exception cref="ModelFormatException">The object is not a dictionary, or has more entries than any state dictionary.</exception>
    public static StateDictFlattener Flatten(object? root, string file, ReadBudget budget)
    {
        var flattener = new StateDictFlattener(file, budget);
        switch (root)
        {
            case PickleDict dict:
                flattener.VisitDict("", dict, dict);
                break;
            case PickleObject { Entries: { } entries } made:
                flattener.VisitDict("", made, entries);
                break;
            case PickleObject { IsModule: true } module:
                throw flattener.Error($"Expected a state dict, got {module.Description}: in Python, load it and save its state_dict().");
            default:
                throw flattener.Error($"Expected a state dict, a dictionary of tensors, got {Describe(root)}.");
        }

        flattener.SetRepeatedAside();
        return flattener;
    }

    private static string Describe(object? value) => value switch
    {
        PickleTensor => "a single tensor",
        PickleSequence => "a list",
        PickleStorage => "a storage",
        PickleObject made => $"{made.Description}, of which nothing is ever run",
        PickleGlobal global => $"{PickleObject.Describe(global)}, of which nothing is ever run",
        _ => "a single value",
    };

    private void Visit(string name, object? value)
    {
        switch (value)
        {
            case PickleTensor tensor:
                if (Claim(name))
                    Tensors.Add(new(name, tensor));

                break;
            case PickleDict dict:
                VisitDict(name, dict, dict);
                break;
            case PickleObject { Entries: { } entries } made:
                VisitDict(name, made, entries);
                break;
            case PickleSequence sequence when HoldsTensors(sequence):
                if (!Enter(name, sequence))
                    break;

                for (var i = 0; i < sequence.Items.Count; i++)
                    Visit(Join(name, i.ToString(CultureInfo.InvariantCulture)), sequence.Items[i]);

                _open.Remove(sequence);
                break;
            default:
                if (Claim(name))
                    Values.Add(name, ToValue(value));

                break;
        }
    }

    private void VisitDict(string name, object identity, PickleDict dict)
    {
        if (!Enter(name, identity))
            return;

        foreach ((var key, var value) in dict.Attributes?.Items ?? [])
        {
            CountVisit();
            if (key is "_metadata" && value is PickleDict metadata)
                Note(name, metadata);
        }

        foreach ((var key, var value) in dict.Items)
            Visit(name.Length == 0 && _open.Count == 1 ? KeyText(key) : Join(name, KeyText(key)), value);

        _open.Remove(identity);
    }

    private void Note(string name, PickleDict metadata)
    {
        foreach ((var key, var value) in metadata.Items)
        {
            CountVisit();
            if (key is string word && value is string text)
                Metadata[name.Length == 0 ? word : Join(name, word)] = text;
        }
    }

    /// <summary>Whether a list holds a tensor or a dictionary at any depth, so that its items need names. Each list is looked through once.</summary>
    private bool HoldsTensors(PickleSequence sequence)
    {
        if (_holdsTensors.TryGetValue(sequence, out var holds))
            return holds;

        // Lists that contain themselves, or go deeper than any model, hold none that could be named.
        _holdsTensors.Add(sequence, false);
        if (_open.Count >= MaximumDepth || !_open.Add(sequence))
            return false;

        foreach (var item in sequence.Items)
        {
            holds |= item is PickleTensor or PickleDict or PickleObject { Entries: not null }
                || (item is PickleSequence inner && HoldsTensors(inner));
        }

        _open.Remove(sequence);
        _holdsTensors[sequence] = holds;
        return holds;
    }

    private object? ToValue(object? value)
    {
        var items = 0;
        if (TryValue(value, ref items, out var result))
            return result;

        return new InertValue($"{PickleObject.Describe(value)} that is not followed: it is long, deep or contains itself");
    }

    private bool TryValue(object? value, ref int items, out object? result)
    {
        result = null;
        if (++items > LongestList || (value is PickleSequence && _items > MostItems))
            return false;

        // A list that many entries share is written out for each of them.
        _items++;

        switch (value)
        {
            case null or bool or long or double or string or BigInteger:
                result = value;
                return true;
            case PickleGlobal { Kind: PickleGlobalKind.ElementType } type:
                result = type.Name;
                return true;
            case PickleSequence sequence:
                if (_open.Count >= MaximumDepth || !_open.Add(sequence))
                    return false;

                var values = new List<object?>();
                foreach (var item in sequence.Items)
                {
                    if (!TryValue(item, ref items, out var one))
                    {
                        _open.Remove(sequence);
                        return false;
                    }

                    values.Add(one);
                }

                _open.Remove(sequence);
                result = values.AsReadOnly();
                return true;
            case PickleObject made:
                result = new InertValue(made.Description);
                return true;
            default:
                result = new InertValue(PickleObject.Describe(value));
                return true;
        }
    }

    private static string KeyText(object? key)
    {
        const int LongestTuple = 8;
        if (key is string text)
            return text;

        return key is PickleSequence { Items.Count: <= LongestTuple } tuple
            ? $"({string.Join(", ", tuple.Items.Select(PickleObject.Describe))})"
            : PickleObject.Describe(key);
    }

    private string Join(string name, string part)
    {
        CountVisit();
        _budget.Take(2L * (name.Length + part.Length + 1), "the names of the state dict");
        return $"{name}.{part}";
    }

    private bool Claim(string name)
    {
        CountVisit();
        if (_names.Add(name))
            return true;

        _repeated.Add(name);
        return false;
    }

    // Which of two entries of one name is meant cannot be known, so that neither is one to read.
    private void SetRepeatedAside()
    {
        if (_repeated.Count == 0)
            return;

        Tensors.RemoveAll(tensor => _repeated.Contains(tensor.Key));
        foreach (var name in _repeated)
            Values[name] = new InertValue("an entry whose name comes twice");
    }

    // What contains itself or goes too deep is noted and not followed.
    private bool Enter(string name, object container)
    {
        CountVisit();
        if (_open.Count < MaximumDepth && _open.Add(container))
            return true;

        if (Claim(name))
            Values.Add(name, new InertValue(_open.Contains(container) ? "a container that contains itself" : $"containers nested more than {MaximumDepth} deep"));

        return false;
    }

    private void CountVisit() => _budget.Take(VisitCost, "the entries of the state dict");

    private ModelFormatException Error(string problem) => new(_file, null, problem);
}
