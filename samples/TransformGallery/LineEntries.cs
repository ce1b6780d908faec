using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Transforms;
using Plotting;

namespace TransformGallery;

/// <summary>Maps of one number.</summary>
internal static class LineEntries
{
    /// <summary>The figures.</summary>
    public static IReadOnlyList<GalleryEntry> All { get; } =
    [
        new("affine", () => new LineFigure("Additive and affine", -3, 3, -3, 3, 2.5, hasLegend: true)
            .Curve(Map(new Additive<double>()), "$x + t$", raw: [1])
            .Curve(Map(new Affine<double>()), "$s x + t$", raw: [-0.5, Math.Log(2)])
            .Done()),
        new("positive", () => new LineFigure("To the positive numbers", -3, 3, -1, 5, 4, hasLegend: true)
            .Curve(Map(new Exp<double>()), "exp")
            .Curve(Map(new Softplus<double>()), "softplus")
            .Done()),
        new("unit-interval", () => new LineFigure("To the unit interval", -4, 4, 0, 1, 1.1, hasLegend: true)
            .Curve(Map(new Sigmoid<double>()), "sigmoid")
            .Curve(Map(new NormalCdf<double>()), "normal cdf")
            .Curve(Map(new CauchyCdf<double>()), "Cauchy cdf")
            .Done()),
        new("bounded", () => new LineFigure("Outliers drawn in", -6, 6, -3, 3, 1.2, hasLegend: true)
            .Curve(Map(new Tanh<double>()), "tanh")
            .Curve(Map(new Softclip<double>(2)), "softclip, $B = 2$")
            .Curve(Map(new LogTanh<double>()), "log-tanh")
            .Done()),
        new("from-interval", () => new LineFigure("From an interval to the line", -0.5, 1.5, -4, 4, 12, hasLegend: true)
            .Curve(Map(new Logit<double>()), "logit")
            .Curve(Map(new Logit<double>(0.1)), "logit, $\\alpha = 0.1$")
            .Curve(new Box<double>([-0.4], [1.4], "box"), "box, (−0.4, 1.4)")
            .Done()),
        new("bent", () => new LineFigure("Bent at 0", -3, 3, -3, 3, 3, hasLegend: true)
            .Curve(Map(new LeakyReLU<double>(0.3)), "leaky ReLU, $s = 0.3$")
            .Curve(Map(new SignedPower<double>()), "signed power, $\\alpha = 0.5$", raw: [0.5])
            .Curve(Map(new SignedPower<double>()), "signed power, $\\alpha = \\minus 0.5$", raw: [-0.5])
            .Done()),
        new("directions", () => new LineFigure("Angles of directions", -2, 3.5, -1.2, 1.2, 1.2, hasLegend: true)
            .Curve(Map(new Sine<double>()), "sin $x$")
            .Curve(Map(new Cosine<double>()), "\\minus cos $x$")
            .Done()),
        new("circular-shift", () => new LineFigure("Half a turn of the circle", -Math.PI, Math.PI, -Math.PI, Math.PI, 2).Curve(Map(new CircularShift<double>())).Done()),
        new("rational-quadratic-spline", () => Family("Rational-quadratic spline, 5 bins", () => new RationalQuadraticSpline<double>(new SplineSettings(5, 3)), 1.2)),
        new("linear-spline", () => Family("Linear spline, 6 bins", () => new LinearSpline<double>(new BinnedSplineSettings(6, 3)), 0.8)),
        new("quadratic-spline", () => Family("Quadratic spline, 5 bins", () => new QuadraticSpline<double>(new BinnedSplineSettings(5, 3)), 1.2)),
        new("cubic-spline", () => Family("Cubic spline, 5 bins", () => new CubicSpline<double>(new BinnedSplineSettings(5, 3)), 0.8)),
        new("circular-spline", () => Family("Circular spline with a turn, 5 bins", () => new CircularSpline<double>(Circle(5)), 1, Math.PI)),
        new("gaussianization", () => Family("Gaussianization, 4 components", () => new Gaussianization<double>(4), 1)),
        new("bernstein-polynomial", () => Family("Bernstein polynomial, 8 coefficients", () => new BernsteinPolynomial<double>(new BernsteinSettings(8, 3)), 3)),
        new("sum-of-squares", () => Family("Sum of squares", () => new SumOfSquares<double>(2, 3), 1.2, 10, 30, 8)),
        new("monotone-network", () => Family("Monotone network", () => new MonotoneNetwork<double>(1, "net", 2, [8, 8], new RandomStream(8)), 0.3)),
        new("integrated-network", () => Family("Integrated network", () => new IntegratedNetwork<double>(1, "net", 2, [8, 8], new RandomStream(9)), 0.3, 4, steepest: 6)),
        new("conditional", () => Conditional()),
    ];

    /// <summary>A spline of a whole circle.</summary>
    public static SplineSettings Circle(int bins) =>
        new(bins, Math.PI) { Parametrization = SplineParametrization.Softmax, Ends = SplineEnds.Tied, Tails = SplineTails.Circular };

    private static Elementwise<double> Map(Univariate<double> univariate) => new(univariate, 1, "map");

    // Three members of a family.
    private static Figure Family(string title, Func<Univariate<double>> create, double reach, double end = 4, double? highest = null, double? steepest = null)
    {
        var figure = new LineFigure(title, -end, end, -(highest ?? end), highest ?? end, steepest);
        for (var seed = 1UL; seed <= 3; seed++)
            figure.Curve(Map(create()), reach: reach, seed: seed);
        return figure.Done();
    }

    private static Figure Conditional()
    {
        var figure = new LineFigure("A spline that a network gives its numbers", -4, 4, -4, 4, hasLegend: true);
        foreach (var context in (ReadOnlySpan<double>)[-1, 0, 1])
        {
            var transform = new Conditional<double>(new RationalQuadraticSpline<double>(new SplineSettings(5, 3)), 1, 1, [8], UnaryFunction.Tanh, "map", new RandomStream(5));
            figure.Curve(transform, context < 0 ? "$c = \\minus 1$" : $"$c = {context:f0}$", reach: 0.5, seed: 6, conditions: context);
        }

        return figure.Done();
    }
}
