using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Cli.Verbs;

/// <summary>How many rows a verb holds at a time, so that its memory does not grow with the number of rows.</summary>
internal static class BlockRows
{
    private const int MostRows = 1 << 16;
    private const int MostNumbers = 1 << 23;

    /// <summary>Rows of one block for a model.</summary>
    public static int For<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Math.Clamp(MostNumbers / (model.Features + model.ContextFeatures + model.Nuisances), 1, MostRows);
}
