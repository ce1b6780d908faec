namespace FlowCore.IO;

/// <summary>A reference to a storage: a flat array in an entry of its own.</summary>
/// <param name="Key">The name of the entry under "data/".</param>
/// <param name="ElementType">The type of the elements, null for an untyped storage.</param>
/// <param name="Count">The number of elements it claims; of bytes where it is untyped.</param>
internal sealed record PickleStorage(string Key, ElementType? ElementType, long Count);
