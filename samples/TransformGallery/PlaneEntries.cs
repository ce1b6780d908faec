using FlowCore.Compute;
using FlowCore.Factorizable;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace TransformGallery;

/// <summary>Maps of the plane.</summary>
internal static class PlaneEntries
{
    private static readonly int[] _hidden = [8];

    /// <summary>The figures.</summary>
    public static IReadOnlyList<GalleryEntry> All { get; } =
    [
        new("elementwise", () => PlaneFigure.Draw("Elementwise: a spline for each feature", new Elementwise<double>(Spline(), 2, "map"), 0.6, 11)),
        new("per-feature", () => PlaneFigure.Draw(
            "A map of its own for each feature", new Elementwise<double>(new PerFeature<double>([new SignedPower<double>(), Spline()]), 2, "map"), 0.8, 6)),
        new("coupling", () => PlaneFigure.Draw("Affine coupling, passing $x_1$", Couple(new Affine<double>(), true, 1), 0.3, 3)),
        new("coupling-spline", () => PlaneFigure.Draw("Spline coupling, passing $x_2$", Couple(Spline(), false, 2), 0.4, 2)),
        new("masked-autoregressive", () => PlaneFigure.Draw("Masked autoregressive spline", Masked(3), 0.7, 5)),
        new("inverse-autoregressive", () => PlaneFigure.Draw("The same, inverted", new Inverted<double>(Masked(3)), 0.7, 5)),
        new("triangular", () => PlaneFigure.Draw("Triangular: Cholesky", new PreparedTransform(new CholeskyLinear<double>(2, "map")).With(0, 0.5, 0, 0.2, -0.2, 0.7))),
        new("dense", () => PlaneFigure.Draw("Full matrix: dense, LU, QR, SVD", new LuLinear<double>(2, "map"), 0.5, 2)),
        new("householder", () => PlaneFigure.Draw("Householder reflection", new PreparedTransform(new HouseholderLinear<double>(2, 1, "map")).With(0, 1, 0.4))),
        new("rotation", () => PlaneFigure.Draw("Rotation", new PreparedTransform(new RotationLinear<double>(2, "map")).With(0, 0, -0.4, 0, 0))),
        new("permutation", () => PlaneFigure.Draw(
            "Permutation (here behind a coupling)", new Composition<double>(2, Couple(new Affine<double>(), true, 1), Permutation<double>.Reversal(2)), 0.3, 3)),
        new("planar", () => PlaneFigure.Draw("Planar", new PreparedTransform(new Planar<double>(2, "map")).With(0, 1.5, 0.5).With(1, 1.5, 1))),
        new("radial", () => PlaneFigure.Draw("Radial", new PreparedTransform(new Radial<double>(2, "map")).With(0, 1).With(1, 0.5).With(2, 0.7, 0.2))),
        new("sylvester", () => PlaneFigure.Draw(
            "Sylvester, 2 directions",
            new PreparedTransform(new Sylvester<double>(2, 2, "map"), 0.4, 12).With(0, 1, 0.5, 1, 0).With(1, -1.5, 1.5).With(2, 1.5, 1.5))),
        new("normalisation", () => PlaneFigure.Draw("Shift and scale of each feature", new PreparedTransform(new ActNorm<double>(2, "map")).With(0, 0.4, -0.4).With(1, 0.7, 0.3))),
        new("on-columns", () => PlaneFigure.Draw("A transform of one column", new OnColumns<double>(new Elementwise<double>(Spline(), 1, "map"), 2, 1), 1.2, 4)),
        new("composition", () => PlaneFigure.Draw(
            "Four couplings, one after the other",
            new Composition<double>(2, Couple(Spline(), true, 1), Couple(Spline(), false, 2), Couple(Spline(), true, 3), Couple(Spline(), false, 4)), 0.2, 8)),
        new("gaussianization-flow", () => PlaneFigure.Draw(
            "Gaussianization, rotation, Gaussianization",
            new Composition<double>(
                2, new Elementwise<double>(new Gaussianization<double>(3), 2, "a"), new RotationLinear<double>(2, "b", new RandomStream(1)),
                new Elementwise<double>(new Gaussianization<double>(3), 2, "c")),
            0.8, 3)),
        new("polynomial-residual", () => PlaneFigure.Draw("Polynomial residual, $\\nu = 1$", Residual(), 0.4, 4, 1.0)),
    ];

    private static RationalQuadraticSpline<double> Spline() => new(new SplineSettings(5, 3));

    private static Coupling<double> Couple(Univariate<double> univariate, bool first, ulong seed) =>
        new(univariate, Coupling<double>.Alternating(2, first), 0, _hidden, UnaryFunction.Tanh, $"map{seed}", new RandomStream(seed));

    private static MaskedAutoregressive<double> Masked(ulong seed) =>
        new(Spline(), AutoregressiveOrder.Natural(2), _hidden, UnaryFunction.Tanh, "map", new RandomStream(seed));

    private static PolynomialResidual<double> Residual() => new(new PolynomialResidualSettings
    {
        Features = 2,
        Nuisances = 1,
        Layers = 1,
        HiddenSizes = _hidden,
        CentralValues = [0],
        Scales = [1],
        Seed = 1,
    });
}
