namespace FlowCore.Compute;

/// <summary>A function of two arguments with its derivatives, as a type: the loops over it are compiled for each function.</summary>
/// <typeparam name="V">The register.</typeparam>
internal interface IBinaryFunction<V>
    where V : unmanaged
{
    /// <summary>f(a, b).</summary>
    static abstract V Value(V a, V b);

    /// <summary>∂f/∂a.</summary>
    static abstract V ByFirst(V a, V b);

    /// <summary>∂f/∂b.</summary>
    static abstract V BySecond(V a, V b);
}
