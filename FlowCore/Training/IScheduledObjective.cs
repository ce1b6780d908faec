using System.Numerics;

namespace FlowCore.Training;

/// <summary>An objective that changes with the steps of the run, as an annealed one does.</summary>
/// <remarks>The trainer tells it where the run is before it computes a batch, so a resumed run goes on as the interrupted one would have.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public interface IScheduledObjective<T> : IObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Is called before each batch, on the thread of the training, while no worker computes.</summary>
    /// <param name="purpose">What the batch is for.</param>
    /// <param name="step">The steps that were done, over all epochs and resumed parts.</param>
    /// <param name="steps">The steps of the whole run.</param>
    void BeginBatch(BatchPurpose purpose, long step, long steps);

    /// <summary>Whether losses of the validation can be compared with later ones: epochs before are not validated.</summary>
    /// <param name="step">The steps that were done.</param>
    /// <param name="steps">The steps of the whole run.</param>
    /// <returns>True where the objective has its final form.</returns>
    bool IsComparable(long step, long steps);
}
