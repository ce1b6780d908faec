using FactorizableFlow.Generator;
using FactorizableFlow.Training;

namespace FactorizableFlow.Figures;

/// <summary>A bivariate normal as mean + L n, n standard normal, L lower triangular with a positive diagonal. Immutable.</summary>
internal readonly record struct TriangularGaussian(Point2 Mean, double L11, double L21, double L22)
{
    /// <summary>Standard deviations of both coordinates.</summary>
    public Point2 Sigma => new(L11, double.Hypot(L21, L22));

    /// <summary>What the features of a sector are distributed as; null where they are not normal.</summary>
    /// <param name="sector">Which density.</param>
    /// <param name="truth">The truth.</param>
    /// <param name="label">0 for class A, 1 for B.</param>
    /// <param name="x">The score's context; not used for x itself.</param>
    public static TriangularGaussian? Of(Sector sector, ToyTruth truth, int label, Point2 x) =>
        sector.IsKinematic ? OfX(truth, label)
        : truth.Settings.SigmoidY || truth.Settings.IsDistorted ? null
        : OfY(truth, label, x);

    /// <summary>x given the class.</summary>
    public static TriangularGaussian OfX(ToyTruth truth, int label)
    {
        // Cholesky's factor of Map Mapᵀ; rotation and squeeze leave the determinant alone.
        var c = truth.Class(label);
        var l11 = double.Hypot(c.Map11, c.Map12);
        return new TriangularGaussian(
            c.Centroid, l11, ((c.Map21 * c.Map11) + (c.Map22 * c.Map12)) / l11, c.Sigma.First * c.Sigma.Second / l11);
    }

    /// <summary>y given x and the class, before distortion and logistic map.</summary>
    public static TriangularGaussian OfY(ToyTruth truth, int label, Point2 x)
    {
        var y = truth.ConditionalY(x.First, x.Second, label);
        var rest = Math.Sqrt(1 - (y.Correlation * y.Correlation));
        return new TriangularGaussian(y.Mean, y.Sigma.First, y.Correlation * y.Sigma.Second, rest * y.Sigma.Second);
    }

    /// <summary>A rectangle of a number of standard deviations around the mean.</summary>
    public PlaneBox Box(double sigmas) => new(
        Mean.First - (sigmas * Sigma.First), Mean.First + (sigmas * Sigma.First), Mean.Second - (sigmas * Sigma.Second), Mean.Second + (sigmas * Sigma.Second));
}
