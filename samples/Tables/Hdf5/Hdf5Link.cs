namespace Tables.Hdf5;

/// <summary>A link of a group.</summary>
/// <param name="Name">Its name; null where there is none.</param>
/// <param name="Kind">0 hard, 1 soft, 64 external.</param>
/// <param name="Address">Of a hard link, where the object header is.</param>
/// <param name="Target">Of the others, what they name.</param>
internal readonly record struct Hdf5Link(string? Name, byte Kind, long Address, string Target);
