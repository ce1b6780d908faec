using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Training;

/// <summary>A run of the parameter buffer that one worker reduces or updates at a time.</summary>
internal readonly record struct ParameterChunk(long Start, long Length)
{
    // 64 KiB of floats for each of the five buffers of an Adam sweep: large beside the cost of handing it out, and
    // small enough that two workers share the models of the study evenly. The sums of squares are added chunk by
    // chunk, so this length is part of the result's bits.
    private const int MaximumLength = 1 << 14;

    /// <summary>Cuts the trainable part of a buffer; frozen parameters are in no chunk.</summary>
    public static ParameterChunk[] Cut<T>(ParameterStore<T> store)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var chunks = new List<ParameterChunk>();
        var parameters = store.Parameters;
        for (var i = 0; i < parameters.Count; i++)
        {
            if (!parameters[i].Trainable)
                continue;
            long start = parameters[i].Offset;
            // Neighbours that train are one run; the gaps between them hold zeros which every update keeps.
            while (i + 1 < parameters.Count && parameters[i + 1].Trainable)
                i++;
            var end = (long)parameters[i].Offset + parameters[i].Length;
            for (; start < end; start += MaximumLength)
                chunks.Add(new ParameterChunk(start, Math.Min(MaximumLength, end - start)));
        }

        return [.. chunks];
    }
}
