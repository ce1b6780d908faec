using FlowCore.Networks;

namespace FlowCore.Interop;

/// <summary>The degrees that nflows and normflows store beside the masks of MADE.</summary>
internal static class MadeDegrees
{
    /// <summary>Those of hidden units.</summary>
    public static long[] OfUnits(int units, int features)
    {
        var degrees = new long[units];
        for (var unit = 0; unit < units; unit++)
            degrees[unit] = (unit % Math.Max(1, features - 1)) + Math.Min(1, features - 1);
        return degrees;
    }

    /// <summary>Those of outputs: that of each feature, its place among the ranks from 1, as often as it has outputs.</summary>
    public static long[] OfOutputs(AutoregressiveOrder order, int perFeature)
    {
        var degrees = new long[order.Features * perFeature];
        for (var i = 0; i < degrees.Length; i++)
            degrees[i] = order.Positions[i / perFeature] + 1;
        return degrees;
    }
}
