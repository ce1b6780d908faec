using FlowCore.Compute;

namespace FactorizableFlow.Configuration;

/// <summary>Architecture of a base flow: sections score_flow and kin_flow. Immutable.</summary>
public sealed record FlowSettings
{
    /// <summary>Number of features; at least 1.</summary>
    public required int Features { get; init; }

    /// <summary>Number of context columns; 0 for none.</summary>
    public required int Context { get; init; }

    /// <summary>Spline bins a feature; at least 2.</summary>
    public required int Bins { get; init; }

    /// <summary>Autoregressive transforms; at least 1.</summary>
    public required int Transforms { get; init; }

    /// <summary>Widths of the hidden layers.</summary>
    public required IReadOnlyList<int> HiddenFeatures { get; init; }

    /// <summary>The splines act on (-bound, bound) and are the identity outside.</summary>
    public double Bound { get; init; } = 5;

    /// <summary>Smallest slope the splines' constraints allow; in (0, 1).</summary>
    public double Slope { get; init; } = 1e-3;

    /// <summary>Whether a fixed affine transform, fitted to the training data, standardises the features before the splines.</summary>
    public bool Standardize { get; init; }

    /// <summary>Masked affine transforms between the standardisation and the splines; at least 0.</summary>
    public int AffineTransforms { get; init; }

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;

    /// <summary>Whether two descriptions give the same architecture.</summary>
    public bool Agrees(FlowSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { HiddenFeatures = other.HiddenFeatures } == other && HiddenFeatures.SequenceEqual(other.HiddenFeatures);
    }
}
