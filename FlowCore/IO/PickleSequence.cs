namespace FlowCore.IO;

/// <summary>A list or tuple of a pickle. Values are null, bool, long, double, text or other pickle objects.</summary>
internal sealed class PickleSequence
{
    private static readonly List<object?> _none = [];

    private List<object?>? _items;

    public PickleSequence(bool isTuple, List<object?>? items = null)
    {
        IsTuple = isTuple;
        _items = items;
    }

    public bool IsTuple { get; }

    public IReadOnlyList<object?> Items => _items ?? _none;

    public void Add(object? item) => (_items ??= []).Add(item);
}
