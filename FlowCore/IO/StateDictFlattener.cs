using System.Globalization;

namespace FlowCore.IO;

/// <summary>
/// Turns the nested dictionaries of a pickle into names with dots. The objects of a pickle may contain themselves or
/// be shared so often that a few bytes stand for an endless tree: depth is bounded, and visits and names are counted against the
/// file's budget.
/// </summary>
internal sealed class StateDictFlattener
{
    private const int MaximumDepth = 64;

    // A visit's entries in lists and sets, at most, in bytes.
    private const int VisitCost = 128;

    private readonly string _file;
    private readonly ReadBudget _budget;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    private StateDictFlattener(string file, ReadBudget budget)
    {
        _file = file;
        _budget = budget;
    }

    /// <summary>The tensors, in order.</summary>
    public List<KeyValuePair<string, PickleTensor>> Tensors { get; } = [];

    /// <summary>Everything else, in order.</summary>
    public OrderedDictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Walks the object that a pickle holds.</summary>
    /// <exception cref="ModelFormatException">
    /// The object is not a dictionary, contains itself, is too deep or too large, or gives one name twice.
    /// </exception>
    public static StateDictFlattener Flatten(object? root, string file, ReadBudget budget)
    {
        var flattener = new StateDictFlattener(file, budget);
        if (root is not PickleDict dict)
            throw flattener.Error($"Expected a state dict, a dictionary of tensors, got {Describe(root)}.");

        flattener.VisitDict("", dict);
        return flattener;
    }

    private static string Describe(object? value) => value switch
    {
        PickleTensor => "a single tensor",
        PickleSequence => "a list",
        PickleStorage => "a storage",
        _ => "a single value",
    };

    private void Visit(string name, object? value)
    {
        switch (value)
        {
            case PickleTensor tensor:
                Claim(name);
                Tensors.Add(new(name, tensor));
                break;
            case PickleDict dict:
                VisitDict(name, dict);
                break;
            case PickleSequence sequence when HoldsTensors(sequence):
                Enter(sequence);
                for (var i = 0; i < sequence.Items.Count; i++)
                    Visit(Join(name, i.ToString(CultureInfo.InvariantCulture)), sequence.Items[i]);

                _open.Remove(sequence);
                break;
            default:
                Claim(name);
                Values.Add(name, ToValue(value));
                break;
        }
    }

    private void VisitDict(string name, PickleDict dict)
    {
        Enter(dict);
        foreach ((var key, var value) in dict.Items)
        {
            var text = key as string ?? ((long)key).ToString(CultureInfo.InvariantCulture);
            Visit(name.Length == 0 && _open.Count == 1 ? text : Join(name, text), value);
        }

        _open.Remove(dict);
    }

    /// <summary>Whether a list holds a tensor or a dictionary at any depth, so that its items need names.</summary>
    private bool HoldsTensors(PickleSequence sequence)
    {
        Enter(sequence);
        var holds = false;
        foreach (var item in sequence.Items)
        {
            CountVisit();
            holds |= item is PickleTensor or PickleDict || (item is PickleSequence inner && HoldsTensors(inner));
        }

        _open.Remove(sequence);
        return holds;
    }

    private object? ToValue(object? value)
    {
        CountVisit();
        switch (value)
        {
            case null or bool or long or double or string:
                return value;
            case PickleGlobal { Kind: PickleGlobalKind.ElementType } type:
                return type.Name;
            case PickleSequence sequence:
                Enter(sequence);
                var items = new object?[sequence.Items.Count];
                for (var i = 0; i < items.Length; i++)
                    items[i] = ToValue(sequence.Items[i]);

                _open.Remove(sequence);
                return Array.AsReadOnly(items);
            default:
                throw Error("Expected tensors, numbers, text and lists of them, got a storage or a function.");
        }
    }

    private string Join(string name, string part)
    {
        CountVisit();
        _budget.Take(2L * (name.Length + part.Length + 1), "the names of the state dict");
        return $"{name}.{part}";
    }

    private void Claim(string name)
    {
        CountVisit();
        if (!_names.Add(name))
            throw Error($"Expected every name once, {ModelFormatException.Quote(name)} comes twice.");
    }

    private void Enter(object container)
    {
        CountVisit();
        if (!_open.Add(container))
            throw Error("Expected dictionaries and lists that end, one contains itself.");

        if (_open.Count > MaximumDepth)
            throw Error($"Expected dictionaries and lists nested at most {MaximumDepth} deep, they go deeper.");
    }

    private void CountVisit() => _budget.Take(VisitCost, "the entries of the state dict");

    private ModelFormatException Error(string problem) => new(_file, null, problem);
}
