namespace FlowCore.Manifolds;

/// <summary>Where a layer stands in the chain of its factor.</summary>
/// <param name="Position">Its position, 0 next to the base.</param>
/// <param name="Count">How many layers the chain has.</param>
public readonly record struct LayerPlace(int Position, int Count)
{
    /// <summary>Whether it is next to the base.</summary>
    public bool IsFirst => Position == 0;

    /// <summary>Whether it is next to the data; on Euclidean spaces it then carries the offset.</summary>
    public bool IsLast => Position == Count - 1;
}
