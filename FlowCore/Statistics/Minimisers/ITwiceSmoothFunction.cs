namespace FlowCore.Statistics;

/// <summary>A function whose second derivatives are known, too.</summary>
public interface ITwiceSmoothFunction : ISmoothFunction
{
    /// <summary>Computes the second derivatives.</summary>
    /// <param name="x">The point.</param>
    /// <param name="hessian">Receives ∂²f/∂xᵢ∂xⱼ, row-major; the lower triangle is read.</param>
    void Hessian(ReadOnlySpan<double> x, Span<double> hessian);
}
