using System.Globalization;
using FlowCore.Numerics;

namespace FlowCore.Manifolds;

/// <summary>The densest point of a pdf under one condition.</summary>
/// <param name="Intrinsic">The point in intrinsic coordinates.</param>
/// <param name="Embedding">The point in embedding coordinates.</param>
/// <param name="LogDensity">ln p there, per embedding measure.</param>
/// <param name="LargestGradient">The largest gradient left in the coordinates that were climbed in.</param>
/// <param name="Converged">Whether the climb ended by its own rule and not by its number of steps.</param>
public sealed record DensestPoint(double[] Intrinsic, double[] Embedding, double LogDensity, double LargestGradient, bool Converged)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{NumberText.Of(Intrinsic)}, ln p = {LogDensity:g6}{(Converged ? "" : $", not converged: gradient {LargestGradient:g3}")}");
}
