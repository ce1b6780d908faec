namespace FlowCore.Training;

/// <summary>The host's copies of the buffers that a checkpoint holds, each laid out as the parameter buffer.</summary>
internal sealed class CheckpointBuffers<T>(int length, bool withBest, bool withAverage)
    where T : unmanaged
{
    public T[] Weights { get; } = new T[length];

    public T[] FirstMoment { get; } = new T[length];

    public T[] SecondMoment { get; } = new T[length];

    /// <summary>The best epoch's weights; null where none are kept.</summary>
    public T[]? Best { get; } = withBest ? new T[length] : null;

    /// <summary>The average of the weights; null where none is kept.</summary>
    public T[]? Average { get; } = withAverage ? new T[length] : null;

    /// <summary>The numbers that follow the data, one array a parameter in its canonical order; empty where there are none.</summary>
    public T[][] Followed { get; set; } = [];

    /// <summary>Those of the best epoch; empty where none are kept.</summary>
    public T[][] BestFollowed { get; set; } = [];
}
