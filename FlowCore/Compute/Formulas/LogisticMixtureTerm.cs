namespace FlowCore.Compute;

/// <summary>One component of a mixture of logistic distributions, see <see cref="LogisticMixtureFormula{V, T}"/>.</summary>
/// <typeparam name="V">The lane.</typeparam>
internal struct LogisticMixtureTerm<V>
    where V : unmanaged
{
    /// <summary>x − m.</summary>
    public V Distance;

    /// <summary>r.</summary>
    public V Rate;

    /// <summary>w.</summary>
    public V Weight;

    /// <summary>e^−|u|.</summary>
    public V Ratio;

    /// <summary>σ(|u|).</summary>
    public V Near;

    /// <summary>A mask: whether u is positive.</summary>
    public V IsRight;

    /// <summary>σ(u), shifted as the sum F is.</summary>
    public V Lower;

    /// <summary>σ(−u), shifted as the sum S is.</summary>
    public V Upper;

    /// <summary>σ'(u) e^s.</summary>
    public V Slope;
}
