using FactorizableFlow.Generator;

namespace FactorizableFlow.Figures;

/// <summary>(u, v) → (A11 u + C1, A21 u + A22 v + C2). Immutable.</summary>
/// <remarks>
/// Of all maps that turn one normal distribution into another, exactly one is triangular and increasing (H. Knothe, 1957; M. Rosenblatt,
/// 1952). A residual of one layer is triangular, so this is what it must become; the study's own deformations are of this form.
/// </remarks>
internal readonly record struct TriangularMap(double A11, double A21, double A22, double C1, double C2)
{
    /// <summary>The map of one distribution into another.</summary>
    public static TriangularMap Between(TriangularGaussian from, TriangularGaussian to)
    {
        // to.L from.L⁻¹
        var a11 = to.L11 / from.L11;
        var a22 = to.L22 / from.L22;
        var a21 = (to.L21 - (a22 * from.L21)) / from.L11;
        return new TriangularMap(
            a11, a21, a22, to.Mean.First - (a11 * from.Mean.First), to.Mean.Second - (a21 * from.Mean.First) - (a22 * from.Mean.Second));
    }

    /// <summary>The image of a point.</summary>
    public Point2 Apply(Point2 point) =>
        new((A11 * point.First) + C1, (A21 * point.First) + (A22 * point.Second) + C2);

    /// <summary>ln of the factor of a feature.</summary>
    public double LogScale(int feature) => Math.Log(feature == 0 ? A11 : A22);

    /// <summary>What is added to a feature at a point.</summary>
    public double Shift(int feature, Point2 point) => feature == 0 ? C1 : (A21 * point.First) + C2;
}
