using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws.Entries;

/// <summary>The splines and the Bernstein polynomial, each under one or two of the conditioners.</summary>
internal static class SplineEntries
{
    // Where a density has kinks or steps the rule in the plane errs as the square of its step, or as the step itself.
    private const double Kinked = 2e-4;
    private const double Stepped = 5e-3;
    private const double SteppedLine = 2e-4;

    private static readonly int[] _hidden = [4];

    private static readonly BinnedSplineSettings _bounded = new(4, 3);

    /// <summary>The entries.</summary>
    public static IReadOnlyList<TransformEntry> All { get; } =
    [
        Elementwise("linear spline", () => new LinearSpline<double>(_bounded), Stepped),
        Elementwise("linear spline on the unit interval", () => new LinearSpline<double>(BinnedSplineSettings.Unit(3)), Stepped),
        Masked("linear spline", () => new LinearSpline<double>(_bounded), Stepped),
        Elementwise("quadratic spline", () => new QuadraticSpline<double>(_bounded), Kinked),
        Coupled("quadratic spline", () => new QuadraticSpline<double>(_bounded with { LogitScale = 0.5 }), Kinked),
        Conditional("quadratic spline with steps at its ends", () => new QuadraticSpline<double>(new(2, 3), EdgeRule.NFlows), Stepped),
        Masked("quadratic spline on the unit interval", () => new QuadraticSpline<double>(BinnedSplineSettings.Unit(3)), Kinked),
        Elementwise("cubic spline", () => new CubicSpline<double>(_bounded), Stepped),
        Coupled("cubic spline on the unit interval", () => new CubicSpline<double>(BinnedSplineSettings.Unit(3) with { LogitScale = 0.5 }), Kinked),
        Masked("cubic spline", () => new CubicSpline<double>(_bounded), Stepped),
        Coupled("softmax spline with scaled logits", () => new RationalQuadraticSpline<double>(new(4, 3) { Parametrization = SplineParametrization.Softmax, LogitScale = 0.5 }), Kinked),
        Elementwise("circular spline with a learned turn", () => new CircularSpline<double>(Circle(4)), Kinked),
        Masked("circular spline with half a turn", () => CircularSpline<double>.OfZuko(4), Kinked),
        Conditional("circular spline", () => new CircularSpline<double>(Circle(3), SplineShift.None), Kinked),
        new("masked splines with tails of their own", (d, c, s, n) => new MaskedAutoregressive<double>(Mixed(d), AutoregressiveOrder.Natural(d, c, descending: true), _hidden, UnaryFunction.Tanh, n, s))
        {
            Conditions = (false, true), PlaneTolerance = Kinked,
        },
        Elementwise("bounded Bernstein polynomial", () => new BernsteinPolynomial<double>(new(5, 3)), 1e-6),
        Masked("free Bernstein polynomial", () => new BernsteinPolynomial<double>(new(4, 3) { IsBounded = false }), Kinked),
        Coupled("bounded Bernstein polynomial", () => new BernsteinPolynomial<double>(new(5, 3)), Kinked),
    ];

    private static PerFeature<double> Mixed(int features) => new(
        [.. Enumerable.Range(0, features).Select(j => new RationalQuadraticSpline<double>(j % 2 == 1 ? Circle(3) : new(3, 2 + j) { Parametrization = SplineParametrization.Softmax }))]);

    private static SplineSettings Circle(int bins) => new(bins, Math.PI) { Parametrization = SplineParametrization.Softmax, Ends = SplineEnds.Tied, Tails = SplineTails.Circular };

    // At a step itself the slopes of the two directions are those of either side; arguments of compositions are also the ends themselves.
    private static bool IsComposed(double plane) => plane != Stepped;

    private static double LineOf(double plane) => plane == Stepped ? SteppedLine : 1e-6;

    private static TransformEntry Elementwise(string name, Func<Univariate<double>> create, double plane) =>
        new($"elementwise {name}", (d, _, _, n) => new Elementwise<double>(create(), d, n)) { Tolerance = 1e-8, LineTolerance = LineOf(plane), PlaneTolerance = plane, IsComposed = IsComposed(plane) };

    private static TransformEntry Conditional(string name, Func<Univariate<double>> create, double plane) =>
        new($"conditional {name}", (d, c, s, n) => new Conditional<double>(create(), d, c, _hidden, UnaryFunction.Tanh, n, s))
        {
            Conditions = (false, true),
            Tolerance = 1e-8,
            LineTolerance = LineOf(plane),
            PlaneTolerance = plane,
            IsComposed = IsComposed(plane),
        };

    private static TransformEntry Masked(string name, Func<Univariate<double>> create, double plane) =>
        new($"masked {name}", (d, c, s, n) => new MaskedAutoregressive<double>(create(), AutoregressiveOrder.Natural(d, c), _hidden, UnaryFunction.Tanh, n, s))
        {
            Conditions = (true, false),
            Tolerance = 1e-8,
            LineTolerance = LineOf(plane),
            PlaneTolerance = plane,
            IsComposed = IsComposed(plane),
        };

    private static TransformEntry Coupled(string name, Func<Univariate<double>> create, double plane) =>
        new($"coupling {name}", (d, c, s, n) => new Coupling<double>(create(), Coupling<double>.Alternating(d), c, _hidden, UnaryFunction.Silu, n, s))
        {
            Conditions = (false, true),
            FewestFeatures = 2,
            Tolerance = 1e-8,
            LineTolerance = LineOf(plane),
            PlaneTolerance = plane,
            IsComposed = IsComposed(plane),
        };
}
