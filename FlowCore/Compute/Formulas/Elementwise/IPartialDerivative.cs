namespace FlowCore.Compute;

/// <summary>One partial derivative of a function of two arguments, as a type.</summary>
/// <typeparam name="V">The register.</typeparam>
internal interface IPartialDerivative<V>
    where V : unmanaged
{
    /// <summary>The derivative at (a, b).</summary>
    static abstract V Value(V a, V b);
}
