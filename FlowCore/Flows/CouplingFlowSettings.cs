using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>The settings of a coupling flow. The defaults are zuko's NICE, but for the start; <see cref="RealNvp"/> and <see cref="NeuralSpline"/> are those of nflows and glasflow.</summary>
public sealed record CouplingFlowSettings : CouplingSettings
{
    // The networks of glasflow's flows.
    private const int LibraryHidden = 32;
    private const int LibraryBlocks = 2;

    /// <summary>Which features pass.</summary>
    public CouplingMask Mask { get; init; }

    /// <summary>What mixes the features in front of each layer.</summary>
    public CouplingMixing Mixing { get; init; }

    /// <summary>Whether what passes goes through a map τ₀ of its own, which reads nothing else, as in the spline couplings of nflows and normflows.</summary>
    public bool MapsPassing { get; init; }

    /// <summary>Real NVP as in nflows and glasflow: four affine couplings by residual networks of two blocks of 32 units.</summary>
    /// <param name="features">D, at least 2.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <returns>The settings.</returns>
    public static CouplingFlowSettings RealNvp(int features, int contextFeatures = 0) => new()
    {
        Features = features,
        ContextFeatures = contextFeatures,
        Transforms = 4,
        HiddenSizes = [LibraryHidden],
        ResidualBlocks = LibraryBlocks,
        Affine = AffineSettings.NflowsCoupling,
        Order = ParameterOrder.ByKind,
    };

    /// <summary>The coupling form of the neural spline flow as in nflows and glasflow: four splines of four bins on [−5, 5] by the networks of <see cref="RealNvp"/>.</summary>
    /// <param name="features">D, at least 2.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="bins">K, at least 2.</param>
    /// <returns>The settings.</returns>
    public static CouplingFlowSettings NeuralSpline(int features, int contextFeatures = 0, int bins = 4) => RealNvp(features, contextFeatures) with
    {
        Map = CouplingMap.RationalQuadratic,
        Spline = new SplineSettings(bins) { Parametrization = SplineParametrization.Softmax, LogitScale = 1 / Math.Sqrt(LibraryHidden) },
        Order = ParameterOrder.ByFeature,
    };

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        if (!Enum.IsDefined(Mask))
            throw Unexpected($"Expected a mask of the list, got {Mask}.");
        if (!Enum.IsDefined(Mixing))
            throw Unexpected($"Expected a way of mixing of the list, got {Mixing}.");
    }
}
