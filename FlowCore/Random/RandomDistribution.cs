namespace FlowCore.Random;

/// <summary>What a stream of random numbers is turned into.</summary>
public enum RandomDistribution
{
    /// <summary>Standard normal numbers, as <see cref="RandomStream.FillNormal"/> gives them.</summary>
    Normal,

    /// <summary>Uniform numbers of (0, 1), as <see cref="RandomStream.FillUniform"/> gives them.</summary>
    Uniform,
}
