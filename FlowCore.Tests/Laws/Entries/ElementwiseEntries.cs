using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws.Entries;

/// <summary>Elementwise maps of fixed formulas, in both directions where the noise of one is real, and what puts transforms on columns.</summary>
internal static class ElementwiseEntries
{
    // Where the slope jumps the density does, and the error of the integral goes as the step itself.
    private const double Kinked = 2e-4;
    private const double Jumping = 1e-3;

    public static IReadOnlyList<TransformEntry> All { get; } =
    [
        Fixed("exp", () => new Exp<double>()),
        Backwards("log", () => new Exp<double>()),
        Fixed("softplus", () => new Softplus<double>()),
        Backwards("softplus, backwards", () => new Softplus<double>()),
        Fixed("tanh", () => new Tanh<double>()),
        Backwards("artanh", () => new Tanh<double>()),
        Fixed("sigmoid", () => new Sigmoid<double>(0.7)),
        new("sigmoid, learnable", (d, _, _, n) => new Elementwise<double>(new Sigmoid<double>(1.5, n), d)),
        new("sigmoid, learnable, backwards", (d, _, _, n) => new Inverted<double>(new Elementwise<double>(new Sigmoid<double>(1.5, n), d))),
        Fixed("logit", () => new Logit<double>()),
        Fixed("logit, 0.05", () => new Logit<double>(0.05)),
        // At 0 itself the slopes of the two directions are those of either side, so it stays out of compositions, whose arguments are also ±0.
        Fixed("leaky relu", () => new LeakyReLU<double>(0.1)) with { IsComposed = false, LineTolerance = Jumping, PlaneTolerance = 5 * Jumping },
        Fixed("softclip", () => new Softclip<double>(2)),
        Backwards("softclip, backwards", () => new Softclip<double>(11)) with { PlaneTolerance = Jumping },

        // Powers of 2.7 to 3.3, whose densities have a zero and no pole at 0. Those of a composition would leave the numbers.
        new("signed power", (d, _, _, n) => Cubes(d, n)) { ParameterReach = 0.1, IsComposed = false },
        new("additive", (d, _, _, n) => new Elementwise<double>(new Additive<double>(), d, n)),
        Backwards("normal quantile", () => new NormalCdf<double>()),
        Fixed("normal cdf", () => new NormalCdf<double>()),
        Fixed("cauchy cdf", () => new CauchyCdf<double>()),
        Backwards("cauchy quantile", () => new CauchyCdf<double>()),

        // Forwards its density has tails that no rule of the integral reaches; an exponential of another in a composition leaves the numbers.
        Backwards("log tanh, backwards", () => new LogTanh<double>()) with { IsComposed = false, LineTolerance = Kinked, PlaneTolerance = Jumping },
        Backwards("log tanh of nflows, backwards", () => LogTanh<double>.Nflows(1.3)) with { IsComposed = false, LineTolerance = Jumping, PlaneTolerance = 5 * Jumping },
        Fixed("cosine", () => new Cosine<double>()),
        Fixed("sine", () => new Sine<double>()),
        Fixed("interval", () => new Interval<double>(-1, 2)),
        Fixed("circular shift", () => new CircularShift<double>(2)),

        new("box", (d, _, _, n) => new Box<double>([.. Enumerable.Range(0, d).Select(j => 3.0 * j)], [.. Enumerable.Range(0, d).Select(j => (3.0 * j) + 1 + j)], n)),
        new("on columns", (d, _, _, n) => new OnColumns<double>(new TriangularLinear<double>(2, n), d, d - 1, 0)) { FewestFeatures = 2, ParameterReach = 0.4 },
        new("logarithm on a column", (d, _, _, _) => new OnColumns<double>(new Inverted<double>(new Elementwise<double>(new Exp<double>(), 1)), d, d / 2)),
        new("conditional on columns", (d, c, s, n) => new OnColumns<double>(
            new Conditional<double>(new Affine<double>(1e-3), d, c, [4], UnaryFunction.Tanh, n, s), d, [.. Enumerable.Range(0, d).Reverse()]))
        {
            Conditions = (false, true),
        },
        new("side by side", (d, _, _, n) => new SideBySide<double>(
            new Inverted<double>(new Elementwise<double>(new Softplus<double>(), 1)), new TriangularLinear<double>(d - 1, n)))
        {
            FewestFeatures = 2, ParameterReach = 0.4,
        },
        new("factored", (d, _, _, n) => new Factored<double>(
            new TriangularLinear<double>(d, n + "a"), new Elementwise<double>(new Affine<double>(), d / 2, n + "b"))) { FewestFeatures = 2, ParameterReach = 0.4 },
    ];

    private static TransformEntry Fixed(string name, Func<Univariate<double>> create) => new(name, (d, _, _, _) => new Elementwise<double>(create(), d));

    private static TransformEntry Backwards(string name, Func<Univariate<double>> create) =>
        new(name, (d, _, _, _) => new Inverted<double>(new Elementwise<double>(create(), d)));

    private static Elementwise<double> Cubes(int features, string name)
    {
        var transform = new Elementwise<double>(new SignedPower<double>(), features, name);
        transform.Parameters[0].Write([.. Enumerable.Repeat(Math.Log(3), features)]);
        return transform;
    }
}
