namespace FlowCore.Compute;

/// <summary>What a sweep over the components of a mixture adds up, with the weights w of <see cref="GaussianizationFormula{V, T, C}"/>.</summary>
internal struct NormalMixtureSums<V>
    where V : unmanaged
{
    /// <summary>m, the least |t|.</summary>
    public V Least;

    /// <summary>Σ w M(|t|) of the components with t &lt; 0, and of the others.</summary>
    public V Below, Above;

    /// <summary>How many the others are.</summary>
    public V AboveCount;

    /// <summary>Σ s w and Σ s² t w.</summary>
    public V Density, Curvature;
}
