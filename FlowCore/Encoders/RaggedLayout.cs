namespace FlowCore.Encoders;

/// <summary>How an event of several items stands in a row: first n, how many items it has, then room for N items of k numbers, of which the first n are read.</summary>
public sealed record RaggedLayout
{
    /// <summary>Describes a row.</summary>
    /// <param name="maximumItems">N, the most items of an event, at least 1.</param>
    /// <param name="itemFeatures">k, the numbers of an item, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public RaggedLayout(int maximumItems, int itemFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumItems);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(itemFeatures);
        MaximumItems = maximumItems;
        ItemFeatures = itemFeatures;
        Columns = checked(1 + (maximumItems * itemFeatures));
    }

    /// <summary>N, the most items of an event.</summary>
    public int MaximumItems { get; }

    /// <summary>k, the numbers of an item.</summary>
    public int ItemFeatures { get; }

    /// <summary>1 + N k, the columns of a row.</summary>
    public int Columns { get; }
}
