namespace Tables;

/// <summary>What may be said about a table beside its name. Immutable.</summary>
public sealed record TableOptions
{
    /// <summary>What separates the fields of a text file; null for what its extension says or its first lines show.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line of a text file holds the names; null to see: it does unless every field of it is a number.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>What becomes of rows in which a number is missing.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Refuse;

    /// <summary>About how many bytes the program may take; null for half of what the machine has. Decides what is held and what is spooled, never a result.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The folder for what does not fit the memory; null for the system's temporary folder. It needs about the size of the numbers, and a disk behind it.</summary>
    public string? ScratchFolder { get; init; }

    /// <summary>The limit in force, in bytes.</summary>
    internal long Limit => MemoryLimit ?? (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
}
