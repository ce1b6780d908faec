using FlowCore.Compute;

namespace FactorizableFlow.Configuration;

/// <summary>Architecture of a residual: sections residual_score_model and residual_kin_model. Immutable.</summary>
public sealed record ResidualSettings
{
    /// <summary>Number of features; at least 1.</summary>
    public required int Features { get; init; }

    /// <summary>Number of context columns; 0 for none.</summary>
    public required int Context { get; init; }

    /// <summary>Number of nuisances; at least 1.</summary>
    public required int Nuisances { get; init; }

    /// <summary>Number of residual layers; at least 1.</summary>
    public required int Layers { get; init; }

    /// <summary>Widths of the hidden layers.</summary>
    public required IReadOnlyList<int> HiddenFeatures { get; init; }

    /// <summary>Pairs of nuisances (i, j), i below j, that get a bilinear term.</summary>
    public IReadOnlyList<(int First, int Second)> CrossTermPairs { get; init; } = [];

    /// <summary>Factor of the bilinear terms.</summary>
    public double CrossTermDamping { get; init; } = 0.01;

    /// <summary>Factor of the quadratic terms.</summary>
    public double QuadraticDamping { get; init; } = 0.01;

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.Elu;
}
