using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>The settings of a flow inside a box. The defaults are those of mbank's command line.</summary>
public sealed record BoundedFlowSettings
{
    /// <summary>D, the number of features, at least 1.</summary>
    public required int Features { get; init; }

    /// <summary>n, how many pairs of a dense linear map and a masked affine transform follow the box, at least 1.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>The units of the hidden layers, at least 1: one number for all pairs, or one for each.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [20];

    /// <summary>The lower end of the box for each feature, or null: then the first training sets both ends.</summary>
    public IReadOnlyList<double>? Low { get; init; }

    /// <summary>The upper end of the box for each feature, above the lower one, or null as <see cref="Low"/>.</summary>
    public IReadOnlyList<double>? High { get; init; }

    /// <summary>By how much of its width the range of the training rows is widened on either side where they set the ends, at least 0.</summary>
    public double BoxMargin { get; init; } = Box<float>.DefaultMargin;

    /// <summary>Whether the first training gives the first linear map what leaves the box with mean 0 and variance 1; false for mbank's start.</summary>
    public bool StartsFromData { get; init; } = true;

    /// <summary>The seed of the fresh weights.</summary>
    public ulong Seed { get; init; }
}
