namespace FlowCore.Manifolds;

/// <summary>The kinds of spaces that densities live on.</summary>
public enum ManifoldKind
{
    /// <summary>R^D.</summary>
    Euclidean,

    /// <summary>The circle S¹.</summary>
    Circle,

    /// <summary>The sphere S².</summary>
    Sphere,

    /// <summary>An interval [lo, hi].</summary>
    Interval,

    /// <summary>The simplex of d numbers that are not negative and sum to at most 1.</summary>
    Simplex,

    /// <summary>A class, one of K.</summary>
    Category,
}
