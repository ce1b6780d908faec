using System.Globalization;
using FlowCore.Numerics;

namespace FlowCore.Manifolds;

/// <summary>Moments of one factor of a pdf under one condition, all other factors integrated out, from draws.</summary>
/// <param name="Manifold">The factor's manifold.</param>
/// <param name="Mean">The mean of the embedding coordinates: of x, of the unit vector, of the barycentric coordinates, or the probabilities of classes.</param>
/// <param name="Covariance">Their covariance, row-major, with n − 1 in the denominator.</param>
/// <param name="MeanDirection">On circle and sphere the direction of the mean; else empty.</param>
/// <param name="ResultantLength">On circle and sphere the length of the mean of unit vectors; else NaN.</param>
/// <param name="Kappa">On circle and sphere κ of the von Mises-Fisher law of that length; else NaN.</param>
/// <param name="AzimuthVariance">On circle and sphere the variance of the azimuth's distance from that of the mean; else NaN.</param>
/// <param name="ZenithVariance">On the sphere the variance of the zenith about the mean direction's; else NaN.</param>
/// <param name="ApproximateEntropy">
/// The entropy of the approximation: the normal law's of R^D, the von Mises-Fisher law's; of an interval and a simplex the mean of −ln p of the draws, each given
/// the factors before it; of classes that of their probabilities.
/// </param>
/// <param name="Densest">The draw of largest density of all factors together, in intrinsic coordinates of this factor.</param>
public sealed record FactorMoments(
    Manifold Manifold, double[] Mean, double[] Covariance, double[] MeanDirection, double ResultantLength, double Kappa, double AzimuthVariance, double ZenithVariance,
    double ApproximateEntropy, double[] Densest)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var direction = MeanDirection.Length == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", mean direction {NumberText.Of(MeanDirection)}, resultant length {ResultantLength:g5}, kappa {Kappa:g5}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Manifold}: mean {NumberText.Of(Mean)}, covariance {NumberText.Of(Covariance)}{direction}, entropy about {ApproximateEntropy:g5}, densest draw {NumberText.Of(Densest)}");
    }
}
