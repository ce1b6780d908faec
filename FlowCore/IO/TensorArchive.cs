using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace FlowCore.IO;

/// <summary>
/// Tensors under unique names, in a given order, with text metadata beside them. Immutable; safe to share between
/// threads.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "An archive, by its name.")]
public sealed class TensorArchive : IReadOnlyList<TensorData>
{
    private readonly TensorData[] _tensors;
    private readonly Dictionary<string, int> _indices;
    private readonly OrderedDictionary<string, string> _metadata;
    private readonly OrderedDictionary<string, string> _unread = new(StringComparer.Ordinal);

    /// <summary>Collects tensors and metadata; both keep their order.</summary>
    /// <param name="tensors">The tensors; their names differ (ordinal comparison).</param>
    /// <param name="metadata">Text under unique keys, or null for none.</param>
    /// <param name="unread">What the file has beside them and is not read: descriptions under names, or null for none.</param>
    /// <exception cref="ArgumentException">
    /// Two tensors or two metadata entries have the same name, or metadata has unpaired surrogates.
    /// </exception>
    public TensorArchive(
        IEnumerable<TensorData> tensors,
        IEnumerable<KeyValuePair<string, string>>? metadata = null,
        IEnumerable<KeyValuePair<string, string>>? unread = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        _tensors = [.. tensors];
        _indices = new Dictionary<string, int>(_tensors.Length, StringComparer.Ordinal);
        for (var i = 0; i < _tensors.Length; i++)
        {
            if (!_indices.TryAdd(_tensors[i].Name, i))
            {
                throw new ArgumentException(
                    $"Expected unique names, got two tensors {ModelFormatException.Quote(_tensors[i].Name)}.",
                    nameof(tensors));
            }
        }

        _metadata = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((var key, var value) in metadata ?? [])
        {
            ArgumentNullException.ThrowIfNull(value, nameof(metadata));
            if (!TensorData.IsWellFormed(key) || !TensorData.IsWellFormed(value))
            {
                throw new ArgumentException(
                    $"Expected well-formed text, got an unpaired surrogate in metadata {ModelFormatException.Quote(key)}.",
                    nameof(metadata));
            }

            if (!_metadata.TryAdd(key, value))
            {
                throw new ArgumentException(
                    $"Expected unique keys, got two metadata entries {ModelFormatException.Quote(key)}.",
                    nameof(metadata));
            }
        }

        foreach ((var name, var description) in unread ?? [])
            _unread[name] = description;
    }

    /// <summary>
    /// What a file has under other names and is not read, with what it says that it is: tensors of a type that this library does not
    /// have, objects of Python. Writing leaves it out.
    /// </summary>
    public IReadOnlyDictionary<string, string> Unread => _unread;

    /// <summary>Text that goes with the tensors, in its order.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The number of tensors.</summary>
    public int Count => _tensors.Length;

    /// <summary>The tensor at a position.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public TensorData this[int index] => _tensors[index];

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public TensorData this[string name] =>
        TryGet(name, out var tensor)
            ? tensor
            : throw new KeyNotFoundException($"The archive has no tensor {ModelFormatException.Quote(name)}.");

    /// <summary>Looks a tensor up by name.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    /// <param name="tensor">The tensor, or null.</param>
    /// <returns>Whether there is one of this name.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out TensorData? tensor)
    {
        tensor = _indices.TryGetValue(name, out var index) ? _tensors[index] : null;
        return tensor is not null;
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    public bool Contains(string name) => _indices.ContainsKey(name);

    /// <inheritdoc/>
    public IEnumerator<TensorData> GetEnumerator() => ((IEnumerable<TensorData>)_tensors).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
