using System.Collections.Concurrent;

namespace FlowCore.Autodiff;

/// <summary>Operations by their settings, so that a function called in a loop makes one operation. Thread-safe.</summary>
/// <param name="create">Makes the operation of a key.</param>
internal sealed class OperationCache<TKey, TOperation>(Func<TKey, TOperation> create)
    where TKey : struct, IEquatable<TKey>
{
    private readonly ConcurrentDictionary<TKey, TOperation> _operations = new();

    /// <summary>The one operation of a key; only the first call of a key allocates.</summary>
    internal TOperation this[TKey key] => _operations.GetOrAdd(key, create);
}
