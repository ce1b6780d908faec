namespace FlowCore.Networks;

/// <summary>Columns sorted by the rank that they belong to, as a <see cref="MaskedLayer{T}"/> reads and writes them.</summary>
/// <param name="Canonical">The canonical index of each column.</param>
/// <param name="Start">Where the columns of each group start, and their number.</param>
internal readonly record struct UnitOrder(int[] Canonical, int[] Start)
{
    /// <summary>The features alone: what group g sees of them are those before its own start.</summary>
    public static UnitOrder OfFeatures(AutoregressiveOrder order) => new(order.FeatureArray, order.GroupStart.ToArray());

    /// <summary>The context and then the features. All of the context is before the first group.</summary>
    public static UnitOrder OfInputs(AutoregressiveOrder order)
    {
        var canonical = new int[order.ContextFeatures + order.Features];
        for (var i = 0; i < canonical.Length; i++)
            canonical[i] = i < order.ContextFeatures ? order.Features + i : order.FeaturesByRank[i - order.ContextFeatures];
        var start = order.GroupStart.ToArray();
        for (var group = 0; group < start.Length; group++)
            start[group] += order.ContextFeatures;
        return new UnitOrder(canonical, start);
    }

    /// <summary>Hidden units, unit n of the group <c>first + n mod (groups − first)</c>; those of a group in their order.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="units">How many units.</param>
    /// <param name="firstGroup">The first group that has units.</param>
    public static UnitOrder OfUnits(AutoregressiveOrder order, int units, int firstGroup)
    {
        var canonical = new int[units];
        var start = new int[order.Groups + 1];
        var next = 0;
        for (var group = 0; group < order.Groups; group++)
        {
            start[group] = next;
            for (var unit = 0; unit < units; unit++)
            {
                if (firstGroup + (unit % (order.Groups - firstGroup)) == group)
                    canonical[next++] = unit;
            }
        }

        start[order.Groups] = next;
        return new UnitOrder(canonical, start);
    }

    /// <summary>Outputs, as many for each feature.</summary>
    public static UnitOrder OfOutputs(AutoregressiveOrder order, int outputsPerFeature)
    {
        var canonical = new int[checked(order.Features * outputsPerFeature)];
        for (var i = 0; i < canonical.Length; i++)
            canonical[i] = (order.FeaturesByRank[i / outputsPerFeature] * outputsPerFeature) + (i % outputsPerFeature);
        var start = new int[order.Groups + 1];
        for (var group = 0; group < start.Length; group++)
            start[group] = order.GroupStart[group] * outputsPerFeature;
        return new UnitOrder(canonical, start);
    }
}
