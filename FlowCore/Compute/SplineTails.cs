namespace FlowCore.Compute;

/// <summary>What a spline does outside its interval.</summary>
public enum SplineTails
{
    /// <summary>It continues as straight lines with the slopes of the ends: the identity where a slope is 1 and the corner on the diagonal.</summary>
    Linear,

    /// <summary>
    /// Nothing: the value stays, the log-derivative is −∞ in both directions, and no adjoint of that row comes out of the
    /// operation, whatever goes in. Both ends belong to the interval.
    /// </summary>
    None,

    /// <summary>
    /// It repeats, shifted: f(x + n P) = f(x) + n P′ with the lengths P and P′ of the intervals, a map of the circle onto itself.
    /// Arguments are expected inside; those that are not lose precision as the shift is taken off.
    /// </summary>
    Circular,
}
