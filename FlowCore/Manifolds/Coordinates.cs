namespace FlowCore.Manifolds;

/// <summary>How points of a manifold are given; see <see cref="Manifold"/>.</summary>
public enum Coordinates
{
    /// <summary>Angles, numbers of the interval, the free numbers of a simplex.</summary>
    Intrinsic,

    /// <summary>Unit vectors, all d + 1 numbers of a simplex, one-hot classes.</summary>
    Embedding,
}
