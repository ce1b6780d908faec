namespace FlowCore.Compute;

/// <summary>Work that falls into independent items.</summary>
public interface IParallelWork
{
    /// <summary>Does one item.</summary>
    /// <param name="item">Which item.</param>
    /// <param name="worker">Which worker runs it, 0 to Workers − 1: for memory that a worker owns. Results must not depend on it.</param>
    void Run(int item, int worker);
}
