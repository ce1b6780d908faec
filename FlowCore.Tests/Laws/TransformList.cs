using FlowCore.Compute;
using FlowCore.Factorizable;
using FlowCore.Fitting;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Laws.Entries;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>All transforms, an entry each: one line here and a new one passes every law of the suite, or does not.</summary>
internal static class TransformList
{
    private const double Kinked = 2e-4;

    private static FeatureChart ChartOf(int feature) => (feature % 3) switch
    {
        0 => new FeatureChart(Support.Interval(-1, 3), 0, 0.1, 1.2),
        1 => new FeatureChart(Support.Above(1), 0, 0.3, 0.8, 0.2, 0),
        _ => new FeatureChart(Support.Real, 0, 0.5, 2),
    };

    private static readonly int[] _hidden = [4];

    static TransformList() => UserParts.Register();

    public static IReadOnlyList<TransformEntry> All { get; } =
    [
        // Free parameters.
        new("elementwise affine", (d, _, _, n) => new Elementwise<double>(new Affine<double>(), d, n)),
        new("elementwise affine, limited", (d, _, _, n) => new Elementwise<double>(new Affine<double>(1e-3), d, n)),
        new("elementwise affine, shared", (d, _, _, n) => new Elementwise<double>(new Affine<double>(1e-3), d, n, isShared: true)),
        new("elementwise spline", (d, _, _, n) => new Elementwise<double>(Spline(), d, n)) { PlaneTolerance = Kinked },
        new("elementwise spline, shared", (d, _, _, n) => new Elementwise<double>(Spline(), d, n, isShared: true)) { PlaneTolerance = Kinked },
        new("elementwise logit", (d, _, _, n) => new Elementwise<double>(new LogitUnivariate<double>(), d, n)),
        new("elementwise softplus", (d, _, _, n) => new Elementwise<double>(new SoftplusUnivariate<double>(), d, n)),
        new("elementwise softplus, inverted", (d, _, _, n) => new Inverted<double>(new Elementwise<double>(new SoftplusUnivariate<double>(), d, n))),
        new("elementwise tanh", (d, _, _, n) => new Elementwise<double>(new TanhUnivariate<double>(), d, n)) { Tolerance = 1e-8 },
        new("elementwise tanh, shared", (d, _, _, n) => new Elementwise<double>(new TanhUnivariate<double>(), d, n, isShared: true)) { Tolerance = 1e-8 },
        new("elementwise quadratic", (d, _, _, n) => new Elementwise<double>(new QuadraticUnivariate<double>(), d, n)) { Tolerance = 1e-8 },

        // Networks of the conditions.
        new("conditional affine", (d, c, s, n) => new Conditional<double>(new Affine<double>(1e-3), d, c, _hidden, UnaryFunction.Tanh, n, s)) { Conditions = (false, true) },
        new("conditional spline", (d, c, s, n) => new Conditional<double>(Spline(), d, c, _hidden, UnaryFunction.ReLU, n, s)) { Conditions = (false, true), PlaneTolerance = Kinked },
        new("conditional tanh", (d, c, s, n) => new Conditional<double>(new TanhUnivariate<double>(), d, c, _hidden, UnaryFunction.Gelu, n, s))
        {
            Conditions = (false, true), Tolerance = 1e-8,
        },

        new("conditional triangular", (d, c, s, n) => new ConditionalTriangular<double>(d, c, _hidden, UnaryFunction.Tanh, n, initialization: s)) { Conditions = (false, true) },
        new("conditional triangular, diagonal", (d, c, s, n) => new ConditionalTriangular<double>(d, c, _hidden, UnaryFunction.Tanh, n, isDiagonal: true, s)) { Conditions = (false, true) },

        // Masked networks.
        new("masked affine", (d, c, s, n) => Masked(new Affine<double>(1e-3), AutoregressiveOrder.Natural(d, c), s, n)) { Conditions = (true, true) },
        new("masked affine, free", (d, c, s, n) => Masked(new Affine<double>(), AutoregressiveOrder.Natural(d, c), s, n)) { Conditions = (true, true) },
        new("masked spline", (d, c, s, n) => Masked(Spline(), AutoregressiveOrder.Natural(d, c), s, n)) { Conditions = (true, true), PlaneTolerance = Kinked },
        new("masked spline, descending", (d, c, s, n) => Masked(Spline(), AutoregressiveOrder.Natural(d, c, descending: true), s, n))
        {
            Conditions = (true, true), PlaneTolerance = Kinked, FewestFeatures = 2,
        },
        new("masked spline, two passes", (d, c, s, n) => Masked(Spline(), AutoregressiveOrder.Natural(d, c, passes: 2), s, n))
        {
            Conditions = (true, true), PlaneTolerance = Kinked, FewestFeatures = 3,
        },
        new("masked affine, random order with ties", (d, c, s, n) => Masked(new Affine<double>(1e-3), new AutoregressiveOrder(Ranks(d, s), c), s, n))
        {
            Conditions = (true, true), FewestFeatures = 3,
        },
        new("masked tanh", (d, c, s, n) => Masked(new TanhUnivariate<double>(), AutoregressiveOrder.Natural(d, c), s, n)) { Conditions = (true, true), Tolerance = 1e-8 },
        new("masked logit", (d, c, s, n) => Masked(new LogitUnivariate<double>(), AutoregressiveOrder.Natural(d, c), s, n)) { Conditions = (true, true) },
        new("masked spline, inverted", (d, c, s, n) => new Inverted<double>(Masked(Spline(), AutoregressiveOrder.Natural(d, c), s, n)))
        {
            Conditions = (true, true), PlaneTolerance = Kinked,
        },

        // Couplings.
        // A feature's scale goes as the exponential of another: wide ones would be narrower than the nodes of the integral.
        new("coupling affine, alternating", (d, c, s, n) => Couple(new Affine<double>(1e-3), Coupling<double>.Alternating(d), c, s, n))
        {
            Conditions = (true, true), FewestFeatures = 2, ParameterReach = 0.2,
        },
        new("coupling spline, halves", (d, c, s, n) => Couple(Spline(), [.. Enumerable.Range(0, d).Select(j => 2 * j < d)], c, s, n))
        {
            Conditions = (true, true), FewestFeatures = 2, PlaneTolerance = Kinked,
        },
        new("coupling spline, random mask", (d, c, s, n) => Couple(Spline(), RandomMask(d, s), c, s, n)) { Conditions = (true, true), FewestFeatures = 2, PlaneTolerance = Kinked },
        new("coupling logit", (d, c, s, n) => Couple(new LogitUnivariate<double>(), Coupling<double>.Alternating(d, first: false), c, s, n))
        {
            Conditions = (true, true), FewestFeatures = 2, ParameterReach = 0.2, PlaneTolerance = 1e-5,
        },
        new("coupling tanh", (d, c, s, n) => Couple(new TanhUnivariate<double>(), Coupling<double>.Alternating(d), c, s, n))
        {
            Conditions = (true, true), FewestFeatures = 2, Tolerance = 1e-8,
        },

        // Without parameters of a network.
        new("permutation", (d, _, s, _) => new Permutation<double>(RandomPermutation(d, s))),
        new("standardization", (d, _, _, n) => new Standardization<double>(
            new LocationScale([.. Enumerable.Range(0, d).Select(j => 3.0 - (2 * j))], [.. Enumerable.Range(0, d).Select(j => 0.5 + j)]), n)),

        // Compositions are tried with noise of 100, whose image in a heavy tail no number holds.
        new("support chart, heavy tails", (d, _, _, _) => new SupportChart<double>([.. Enumerable.Range(0, d).Select(j => new FeatureChart(Support.Real, 0, 0.3 * j, 1 + (0.5 * j), 0.05, 0.02, 0.2, 1.3))])) { IsComposed = false },
        new("support chart, supports", (d, _, _, _) => new SupportChart<double>([.. Enumerable.Range(0, d).Select(ChartOf)])),
        new("standardized conditions", (d, c, s, n) => new StandardizedConditions<double>(
            Masked(new Affine<double>(1e-3), AutoregressiveOrder.Natural(d, c), s, n), new LocationScale([.. Enumerable.Repeat(0.4, c)], [.. Enumerable.Repeat(1.5, c)])))
        {
            Conditions = (false, true),
        },
        new("triangular linear", (d, _, _, n) => new TriangularLinear<double>(d, n)) { ParameterReach = 0.4 },

        // Residuals: conditions are the context and behind it the nuisances.
        new("residual", (d, c, s, _) => Residual(d, 0, c, 1, [(0, 1)], s)) { Conditions = (false, true), ParameterReach = 0.3 },
        new("residual, context", (d, c, s, _) => Residual(d, 1, c - 1, 1, [], s)) { Conditions = (false, true), ParameterReach = 0.3 },
        new("residual, two layers", (d, c, s, _) => Residual(d, 0, c, 2, [(0, 1)], s)) { Conditions = (false, true), ParameterReach = 0.2 },

        // Compositions.
        new("nothing", (d, _, _, _) => new Composition<double>(d)),
        new("composition", (d, c, s, n) => new Composition<double>(
            d,
            new Standardization<double>(new LocationScale([.. new double[d]], [.. Enumerable.Repeat(1.5, d)]), n + "a"),
            new MaskedAutoregressive<double>(Spline(), AutoregressiveOrder.Natural(d, c), _hidden, UnaryFunction.Tanh, n + "b", s),
            Permutation<double>.Reversal(d),
            new Composition<double>(d, new TriangularLinear<double>(d, n + "c"), new Elementwise<double>(new TanhUnivariate<double>(), d, n + "d"))))
        {
            Conditions = (true, true), ParameterReach = 0.4, Tolerance = 1e-8, PlaneTolerance = Kinked,
        },
        new("composition from an interval", (d, c, s, n) => new Composition<double>(
            d,
            new Elementwise<double>(new LogitUnivariate<double>(), d, n + "a"),
            new MaskedAutoregressive<double>(new Affine<double>(1e-3), AutoregressiveOrder.Natural(d, c), _hidden, UnaryFunction.Tanh, n + "b", s)))
        {
            Conditions = (true, true), ParameterReach = 0.4,
        },

        // Networks of the libraries.
        .. NetworkEntries.Transforms,

        // Differential equations.
        .. ContinuousEntries.All,

        // Arrays.
        .. ArrayEntries.All,

        // Elementwise maps of fixed formulas, and transforms on columns.
        .. ElementwiseEntries.All,

        // Maps of one number whose inverse is solved for.
        .. MonotoneEntries.All,

        // Linear maps, maps along few directions, normalisation: inverted by substitution or a search for a root.
        .. LinearEntries.Transforms.Select(entry => new TransformEntry(entry.Name, (d, _, s, n) => entry.Create(d, s, n))
        {
            Tolerance = 1e-8,
            ParameterReach = 0.2,
            LineTolerance = Jumping(entry.Name),
            PlaneTolerance = Jumping(entry.Name),
        }),
        .. LinearEntries.Conditional.Select(entry => new TransformEntry(entry.Name, (d, c, s, n) => entry.Create(d, c, s, n))
        {
            Conditions = (false, true),
            Tolerance = 1e-8,
            ParameterReach = 0.2,
            LineTolerance = Jumping(entry.Name),
            PlaneTolerance = Jumping(entry.Name),
        }),

        // Splines and polynomials.
        .. SplineEntries.All,
    ];

    /// <summary>The cases of the suite: every entry with the features and conditions that make sense for it.</summary>
    public static IEnumerable<LawCase> Cases(params int[] features)
    {
        foreach (var entry in All)
        {
            foreach (var count in features)
            {
                if (count < entry.FewestFeatures)
                    continue;
                if (entry.Conditions.Without)
                    yield return new LawCase(entry, count, 0);
                if (entry.Conditions.With)
                    yield return new LawCase(entry, count, 2);
            }
        }
    }

    // Where the slope jumps the density does, and the error of the rule goes as the step itself.
    private static double Jumping(string name) => name.Contains("leaky", StringComparison.Ordinal) ? Kinked : 1e-6;

    private static RationalQuadraticSpline<double> Spline() => new(new SplineSettings(4, 3));

    private static MaskedAutoregressive<double> Masked(Univariate<double> univariate, AutoregressiveOrder order, RandomStream stream, string name) =>
        new(univariate, order, _hidden, UnaryFunction.Tanh, name, stream);

    private static Coupling<double> Couple(Univariate<double> univariate, bool[] passes, int conditions, RandomStream stream, string name) =>
        new(univariate, passes, conditions, _hidden, UnaryFunction.Silu, name, stream);

    private static PolynomialResidual<double> Residual(
        int features, int context, int nuisances, int layers, (int, int)[] crossTerms, RandomStream stream) => new(new PolynomialResidualSettings
        {
            Features = features,
            ContextFeatures = context,
            Nuisances = nuisances,
            Layers = layers,
            HiddenSizes = _hidden,
            CentralValues = [.. Enumerable.Repeat(0.25, nuisances)],
            Scales = [.. Enumerable.Repeat(2.0, nuisances)],
            CrossTerms = crossTerms,
            QuadraticDamping = 0.2,
            CrossTermDamping = 0.3,
            Seed = stream.Seed,
        });

    private static int[] RandomPermutation(int features, RandomStream stream)
    {
        var permutation = new int[features];
        stream.Substream(50).FillPermutation(permutation);
        return permutation;
    }

    private static bool[] RandomMask(int features, RandomStream stream)
    {
        var permutation = RandomPermutation(features, stream);
        var passing = 1 + (int)stream.Substream(51).BelowAt((ulong)features - 1, 0);
        return [.. permutation.Select(place => place < passing)];
    }

    // Every rank below D/2 + 1 once, the rest of the features tied with some of them.
    private static int[] Ranks(int features, RandomStream stream) => [.. RandomPermutation(features, stream).Select(place => place % ((features / 2) + 1))];
}
