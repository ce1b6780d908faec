namespace FlowCore.Compute;

/// <summary>A function of one argument with its derivative, as a type: the loops over it are compiled for each function.</summary>
/// <typeparam name="V">The register.</typeparam>
internal interface IUnaryFunction<V>
    where V : unmanaged
{
    /// <summary>f(a).</summary>
    static abstract V Value(V a);

    /// <summary>f'(a), given y = f(a).</summary>
    static abstract V Derivative(V a, V y);
}
