using FlowCore.Random;

namespace FlowCore.Diagnostics;

/// <summary>The random numbers of the diagnostics.</summary>
internal static class DiagnosticStream
{
    // A name of this room's own: who takes one seed for the data and for their test must not get the same numbers in both.
    private const ulong Name = 0x4449_4147_4E4F_5354;

    /// <summary>The stream of a seed.</summary>
    public static RandomStream Of(ulong seed) => new RandomStream(seed).Substream(Name);
}
