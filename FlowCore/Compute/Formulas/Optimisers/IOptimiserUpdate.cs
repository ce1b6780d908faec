namespace FlowCore.Compute;

/// <summary>The update of parameters with the constants of a step, in lanes; a lane holds one parameter.</summary>
/// <typeparam name="V">The register.</typeparam>
internal interface IOptimiserUpdate<V>
    where V : unmanaged
{
    /// <summary>Whether the second moment is used; where it is not, what is passed for it is neither read nor changed.</summary>
    static abstract bool HasSecondMoment { get; }

    /// <summary>Updates parameters and moments.</summary>
    /// <param name="parameter">The parameters.</param>
    /// <param name="gradient">Their gradients.</param>
    /// <param name="first">The momentum or first moment.</param>
    /// <param name="second">The second moment.</param>
    void Apply(ref V parameter, V gradient, ref V first, ref V second);
}
