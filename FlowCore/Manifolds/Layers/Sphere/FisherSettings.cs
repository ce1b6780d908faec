namespace FlowCore.Manifolds;

/// <summary>The options of a zoom of the sphere.</summary>
internal sealed record FisherSettings
{
    /// <summary>How κ follows from raw numbers.</summary>
    public required KappaForm Kappa { get; init; }

    /// <summary>κ_0.</summary>
    public required double LeastKappa { get; init; }

    /// <summary>Whether l is kept above −5.</summary>
    public required bool IsClamped { get; init; }

    /// <summary>Whether the data crowd at the south pole before the rotation.</summary>
    public required bool IsSouth { get; init; }

    /// <summary>Whether there is a quarter turn behind the zoom.</summary>
    public required bool HasQuarterTurn { get; init; }

    /// <summary>β: beyond |n_z| = β the splines are the identity.</summary>
    public required double Bound { get; init; }

    /// <summary>Whether the splines of the azimuth follow from n_z by a network, instead of fading to the poles.</summary>
    public required bool IsCorrelated { get; init; }

    /// <summary>The rank of that network.</summary>
    public required int Rank { get; init; }

    /// <summary>Whether κ has a raw number of its own.</summary>
    public bool HasOwnKappa => Kappa <= KappaForm.LogBounded;
}
