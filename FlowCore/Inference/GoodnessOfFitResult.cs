using FlowCore.Diagnostics;

namespace FlowCore.Inference;

/// <summary>How well observations agree with what the model would produce.</summary>
/// <param name="Averaged">A p-value of each observation, averaged over the posterior: less noise, and conservative, for a posterior that has seen the observation always fits it a little. Not uniform if all is well.</param>
/// <param name="SingleDraw">A p-value of each observation at one draw of its posterior: exactly uniform if likelihood and posterior are right.</param>
public sealed record GoodnessOfFitResult(IReadOnlyList<double> Averaged, IReadOnlyList<double> SingleDraw)
{
    /// <summary>The test of the single draws: the one that means something for many observations together.</summary>
    /// <returns>The test.</returns>
    public UniformityTest Uniformity() => UniformityTest.Of("goodness of fit", [.. SingleDraw]);

    /// <inheritdoc/>
    public override string ToString() => $"{SingleDraw.Count} observations; single draws: {Uniformity()}";
}
