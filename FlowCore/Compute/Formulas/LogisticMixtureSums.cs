namespace FlowCore.Compute;

/// <summary>What the components of a mixture of logistic distributions add up to, see <see cref="LogisticMixtureFormula{V, T}"/>.</summary>
/// <typeparam name="V">The lane.</typeparam>
internal struct LogisticMixtureSums<V>
    where V : unmanaged
{
    /// <summary>s.</summary>
    public V Shift;

    /// <summary>e^−s.</summary>
    public V Decay;

    /// <summary>A mask: whether x is right of all centres, so that s belongs to S; else it belongs to F.</summary>
    public V IsRight;

    /// <summary>F, times e^s left of all centres.</summary>
    public V Lower;

    /// <summary>S, times e^s right of all centres.</summary>
    public V Upper;

    /// <summary>f e^s.</summary>
    public V Density;
}
