namespace FlowCore.Flows;

/// <summary>What mixes the features in front of each coupling layer.</summary>
public enum CouplingMixing
{
    /// <summary>Nothing: masks alternate.</summary>
    None,

    /// <summary>A permutation drawn at random.</summary>
    Permutation,

    /// <summary>A permutation drawn at random, then a matrix in LU form that starts as the identity.</summary>
    Lu,

    /// <summary>A permutation drawn at random, then a matrix in the form of its singular values with ten reflections at either side.</summary>
    Svd,
}
