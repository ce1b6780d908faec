using FlowCore.Distributions;
using FlowCore.Transforms;

namespace TransformGallery;

/// <summary>Base distributions.</summary>
internal static class BaseEntries
{
    /// <summary>The figures.</summary>
    public static IReadOnlyList<GalleryEntry> All { get; } =
    [
        new("normal", () => PlaneFigure.Densities(
            "Normal distributions", ("standard", new StandardNormal<double>(2)), ("diagonal", new DiagonalNormal<double>([0.5, 0], [1.5, 0.7])), ("full", Full()))),
        new("mixtures", () => PlaneFigure.Densities("Mixtures", ("three normals", Mixture()), ("two flows", Flows()))),
        new("student-and-uniform", () => PlaneFigure.Densities(
            "Heavy tails and edges", ("Student's t, 1.5 degrees", new StudentT<double>(2, 1.5)), ("uniform box", new UniformBox<double>([-3, -1], [3, 2])),
            ("uniform times normal", new UniformNormal<double>([true, false], [5, 1])))),
    ];

    private static FullNormal<double> Full()
    {
        var normal = new FullNormal<double>(2);
        normal.Parameters[2].Write([0.9]);
        return normal;
    }

    private static NormalMixture<double> Mixture()
    {
        var mixture = new NormalMixture<double>(2, 3);
        mixture.Parameters[1].Write([-2, -1, 0, 1.5, 2, -1]);
        mixture.Parameters[2].Write([-0.3, -0.6, -0.2, -0.5, -0.6, 0]);
        mixture.Parameters[3].Write([0.5, -0.5, 0.3]);
        return mixture;
    }

    // A wide normal distribution, and one whose middle is made flat.
    private static MixtureOfFlows<double> Flows() => new(
        [new StandardNormal<double>(2), new StandardNormal<double>(2)],
        [
            new FixedAffine<double>([2, 1], [3, 1]),
            new Composition<double>(2, new FixedAffine<double>([0.7, 0.7], [-0.7, 0.4]), new Inverted<double>(new Elementwise<double>(new LogTanh<double>(1.5), 2))),
        ]);
}
