using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Training;

/// <summary>A run of the parameter buffer that one worker reduces or updates at a time.</summary>
internal readonly record struct ParameterChunk(long Start, long Length)
{
    /// <summary>Cuts the trainable part of a buffer; frozen parameters are in no chunk.</summary>
    public static ParameterChunk[] Cut<T>(ParameterStore<T> store)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var longest = store.Device.SweepLength;
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
            for (; start < end; start += longest)
                chunks.Add(new ParameterChunk(start, Math.Min(longest, end - start)));
        }

        return [.. chunks];
    }
}
