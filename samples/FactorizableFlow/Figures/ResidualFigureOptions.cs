using FactorizableFlow.Generator;

namespace FactorizableFlow.Figures;

/// <summary>What <see cref="ResidualFigures"/> draws. Immutable.</summary>
internal sealed record ResidualFigureOptions
{
    /// <summary>The report's choice, and the flags' defaults.</summary>
    public static ResidualFigureOptions Default { get; } = new();

    /// <summary>Whether responses and displacements are of the map from observed to nominal features, rather than of its inverse.</summary>
    public bool IsForward { get; init; } = true;

    /// <summary>|ν| of the displacement fields; positive.</summary>
    public double Value { get; init; } = 1;

    /// <summary>Cells of the densities' grid along each axis.</summary>
    public int Cells { get; init; } = DensityGrids.StandardCells;

    /// <summary>Points x at which the score's response, displacements and cross terms are drawn, a figure each.</summary>
    public IReadOnlyList<Point2> ScoreX { get; init; } = [new(0, 0), new(1.5, 0)];

    /// <summary>Features whose response and cross terms are drawn, counted from 0.</summary>
    public IReadOnlyList<int> ResponseFeatures { get; init; } = [0, 1];

    /// <summary>Whether the terms in two nuisances are drawn.</summary>
    public bool HasCrossTerms { get; init; } = true;

    /// <summary>The point y of the score's cross terms.</summary>
    public Point2 CrossTermY { get; init; } = new(0, 0);

    /// <summary>The point x of the kinematic model's cross terms.</summary>
    public Point2 CrossTermX { get; init; } = new(1, 0.5);
}
