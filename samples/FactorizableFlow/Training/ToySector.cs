namespace FactorizableFlow.Training;

/// <summary>The two densities of the study.</summary>
public enum ToySector
{
    /// <summary>p(x | class).</summary>
    Kinematic,

    /// <summary>p(y | x, class).</summary>
    Score,
}
