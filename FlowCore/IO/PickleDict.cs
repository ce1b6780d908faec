namespace FlowCore.IO;

/// <summary>A dictionary of a pickle in the order of its entries; keys are any values of a pickle but containers that can change.</summary>
internal sealed class PickleDict
{
    private static readonly List<KeyValuePair<object?, object?>> _none = [];

    private List<KeyValuePair<object?, object?>>? _items;

    /// <summary>The entries; a key may come twice, which the flattening notes.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Items => _items ?? _none;

    /// <summary>Attributes of the dictionary itself, as PyTorch gives them to the state dictionaries of modules; null for none.</summary>
    public PickleDict? Attributes { get; set; }

    public void Add(object? key, object? value) => (_items ??= []).Add(new(key, value));

    /// <summary>Whether a text is a key.</summary>
    public bool Has(string key) => Find(key, out _);

    /// <summary>The value of a text that is a key, the last one where there are several.</summary>
    public bool Find(string key, out object? value)
    {
        for (var i = Items.Count - 1; i >= 0; i--)
        {
            if (Items[i].Key is string text && text == key)
            {
                value = Items[i].Value;
                return true;
            }
        }

        value = null;
        return false;
    }
}
