namespace FlowCore.IO;

/// <summary>A dictionary of a pickle in the order of its entries; keys are text or integers.</summary>
internal sealed class PickleDict
{
    private static readonly List<KeyValuePair<object, object?>> _none = [];

    private List<KeyValuePair<object, object?>>? _items;

    /// <summary>The entries; a key may come twice, which the flattening refuses.</summary>
    public IReadOnlyList<KeyValuePair<object, object?>> Items => _items ?? _none;

    public void Add(object key, object? value) => (_items ??= []).Add(new(key, value));
}
