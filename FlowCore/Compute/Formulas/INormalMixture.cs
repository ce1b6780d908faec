namespace FlowCore.Compute;

/// <summary>
/// The components of a mixture of normals for one row, or for as many rows as a register has lanes: what <see cref="GaussianizationFormula{V, T, C}"/> is
/// written in, once for the processor and for accelerators.
/// </summary>
/// <typeparam name="V">The lane.</typeparam>
internal interface INormalMixture<V>
    where V : unmanaged
{
    /// <summary>b of a component.</summary>
    V Shift(int component);

    /// <summary>e^a of a component.</summary>
    V Scale(int component);

    /// <summary>Keeps a number of a component for a later sweep, where there is memory for it.</summary>
    void Keep(int component, V weight);

    /// <summary>The number that was kept; the formula's weight of t where there is no memory.</summary>
    V Kept(int component, V t, V least);

    /// <summary>The adjoints of b and a of a component go to their places.</summary>
    void Add(int component, V shift, V logScale);

    /// <summary>Whether a mask is set in all lanes.</summary>
    bool AreSet(V mask);
}
