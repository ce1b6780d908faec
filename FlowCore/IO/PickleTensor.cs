namespace FlowCore.IO;

/// <summary>A tensor as a view of a storage. Nothing is checked against the storage yet.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="ElementType">The type of the elements.</param>
/// <param name="Offset">The index of the first element in the storage, at least 0.</param>
/// <param name="Shape">The sizes of the dimensions, each at least 0, whose bytes fit a long.</param>
/// <param name="Strides">The elements between neighbours along each dimension, each at least 0.</param>
internal sealed record PickleTensor(
    PickleStorage Storage, ElementType ElementType, long Offset, long[] Shape, long[] Strides);
