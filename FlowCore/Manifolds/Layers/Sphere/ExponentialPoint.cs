using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>A point n of the sphere under an exponential map: its image, the frames at both, and the derivative in them.</summary>
/// <param name="Image">n', [rows, 3].</param>
/// <param name="Along">t, the direction of the move, at n.</param>
/// <param name="Across">b = n × t, at n and at n'.</param>
/// <param name="Stretch">1 − γ + A_tt.</param>
/// <param name="Shear">A_tb.</param>
/// <param name="Curvature">A_bb − γ.</param>
/// <param name="Angle">α, the length of the move.</param>
internal readonly record struct ExponentialPoint<T>(
    Variable<T> Image, Variable<T> Along, Variable<T> Across, Variable<T> Stretch, Variable<T> Shear, Variable<T> Curvature, Variable<T> Angle)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>ln |det| of the map, per solid angle.</summary>
    public Variable<T> LogDet()
    {
        var sinc = Angle.Sinc();
        return sinc.Log() + ((Stretch * ((Angle.Cos() / sinc) + Curvature)) - Shear.Square()).Log();
    }

    /// <summary>The move at n that moves the image by a small vector: M δ = d, M = [[1 − γ + A_tt, A_tb], [sinc α A_tb, cos α + sinc α (A_bb − γ)]].</summary>
    /// <param name="n">The point.</param>
    /// <param name="d">The move of the image, [rows, 3].</param>
    /// <param name="unit">What <paramref name="d"/> is multiplied by, [rows, 1]; "no variable" for 1.</param>
    public Variable<T> Back(Variable<T> n, Variable<T> d, Variable<T> unit = default)
    {
        var (sinc, cosine) = (Angle.Sinc(), Angle.Cos());
        var imageAlong = (Along * cosine) - (n * (Angle * sinc));
        var (along, across) = ((d * imageAlong).SumColumns(), (d * Across).SumColumns());
        var (slanted, last) = (sinc * Shear, cosine + (sinc * Curvature));
        var over = ((Stretch * last) - (slanted * Shear)).Reciprocal();
        if (!unit.IsNone)
            over *= unit;
        return (Along * (((last * along) - (Shear * across)) * over)) + (Across * (((Stretch * across) - (slanted * along)) * over));
    }

    /// <summary>The same as constants.</summary>
    public ExponentialPoint<T> Constant() => new(
        Image.StopGradient(), Along.StopGradient(), Across.StopGradient(), Stretch.StopGradient(), Shear.StopGradient(), Curvature.StopGradient(), Angle.StopGradient());
}
