namespace FlowCore.Compute;

/// <summary>The constants of a monotonic rational-quadratic spline (Durkan et al. 2019, in zuko's parametrisation).</summary>
/// <remarks>
/// A feature takes 3K − 1 unconstrained parameters: K widths, K heights, K − 1 inner derivatives. The outer derivatives
/// are 1, so the map continues as the identity outside [−<see cref="Bound"/>, <see cref="Bound"/>].
/// </remarks>
/// <param name="Bins">K, the number of bins, at least 2.</param>
/// <param name="Bound">B &gt; 0: the spline acts on (−B, B].</param>
/// <param name="Slope">S in (0, 1): no bin is steeper than 1/S or flatter than S by more than the parametrisation allows.</param>
public readonly record struct SplineSettings(int Bins, double Bound = 5.0, double Slope = 1e-3)
{
    /// <summary>How many parameters a feature takes: 3K − 1.</summary>
    public int ParametersPerFeature => (3 * Bins) - 1;
}
