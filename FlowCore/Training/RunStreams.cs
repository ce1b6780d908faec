using FlowCore.Random;

namespace FlowCore.Training;

/// <summary>The random streams that a run's seed stands for: one for each use, so that none shares a number with another.</summary>
internal static class RunStreams
{
    public static RandomStream Training(ulong seed) => new RandomStream(seed).Substream(0);

    public static RandomStream Validation(ulong seed) => new RandomStream(seed).Substream(1);

    public static RandomStream Split(ulong seed) => new RandomStream(seed).Substream(2);
}
