using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws.Entries;

/// <summary>Networks under masked transforms, couplings and conditional ones, the forms of affine maps, embeddings, and mixtures of flows.</summary>
internal static class NetworkEntries
{
    private const int Hidden = 5;

    // The rule of the plane goes with the square of the step at kinks of a density.
    private const double Kinked = 2e-4;

    private static readonly double[] _bounds = [Math.PI, 2];

    public static IReadOnlyList<TransformEntry> Transforms { get; } =
    [
        // Masked.
        Masked("made", AffineSettings.NflowsMasked, (d, c, s, n) => Made(d, c, 2, n, s, new MadeSettings())),
        Masked("made that hides the context", AffineSettings.NflowsMasked, (d, c, s, n) => Made(d, c, 2, n, s, new MadeSettings { HidesContextFromFirst = true })),
        Masked("made, feed-forward", AffineSettings.NflowsMasked, (d, c, s, n) => Made(d, c, 2, n, s, new MadeSettings { IsResidual = false })),
        Masked("made of normflows", AffineSettings.NormflowsMasked, (d, c, s, n) => Made(d, c, 2, n, s, new MadeSettings { Flavour = MadeFlavour.Normflows })),
        Masked("made, normalised", AffineSettings.NflowsMasked, (d, c, s, n) =>
            Normalised(Made(d, c, 2, n, s, new MadeSettings { HasBatchNormalization = true, Blocks = 1 }), s)),
        Masked("made, feed-forward, normalised", AffineSettings.NflowsMasked, (d, c, s, n) =>
            Normalised(Made(d, c, 2, n, s, new MadeSettings { HasBatchNormalization = true, IsResidual = false }), s)),
        Masked("made of normflows, normalised", AffineSettings.NormflowsMasked, (d, c, s, n) =>
            Normalised(Made(d, c, 2, n, s, new MadeSettings { HasBatchNormalization = true, Flavour = MadeFlavour.Normflows, Blocks = 1 }), s)),
        Masked("masked residual mlp", new AffineSettings { Slope = 1e-3 }, (d, c, s, n) =>
            new MaskedResidualMlp<double>(AutoregressiveOrder.Natural(d, c), [4, 4, 6], 2, UnaryFunction.Tanh, n, s)),
        Masked("masked periodic, weighted", AffineSettings.NflowsMasked, (d, c, s, n) => new PeriodicMaskedNetwork<double>(
            Made(d, c, 2, n, s, new MadeSettings()), [0], _bounds.AsSpan(0, 1), PeriodicInputs.WeightedSum, n)) with { PlaneTolerance = Kinked },
        Masked("masked periodic", AffineSettings.NflowsMasked, (d, c, s, n) => new PeriodicMaskedNetwork<double>(
            new MaskedMlp<double>(
                PeriodicMaskedNetwork<double>.WithCosines(AutoregressiveOrder.Natural(d, c, descending: true), [0]), [Hidden], 2, UnaryFunction.Tanh, n, s),
            [0], _bounds.AsSpan(0, 1))),
        new("stack of nflows", (d, c, s, n) => new Composition<double>(
            d,
            Permutation<double>.Reversal(d),
            new MaskedAutoregressive<double>(new Affine<double>(AffineSettings.NflowsMasked), Made(d, c, 2, n + "a", s, new MadeSettings { Blocks = 1 })),
            Permutation<double>.Reversal(d),
            new Inverted<double>(
                new MaskedAutoregressive<double>(new Affine<double>(AffineSettings.NormflowsMasked), Made(d, c, 2, n + "b", s, new MadeSettings { Blocks = 0 })))))
        {
            Conditions = (true, true), ParameterReach = 0.3,
        },

        // Couplings.
        Coupled("coupling, residual network", AffineSettings.NflowsCoupling, (inputs, c, outputs, s, n) =>
            new ResidualNetwork<double>(inputs, c, outputs, Hidden, 2, UnaryFunction.Tanh, n, s), ParameterOrder.ByKind),
        Coupled("coupling, normalised residual network", AffineSettings.NflowsCoupling, (inputs, c, outputs, s, n) => Normalised(
            new ResidualNetwork<double>(inputs, c, outputs, Hidden, 1, UnaryFunction.Tanh, n, s, hasBatchNormalization: true), s), ParameterOrder.ByKind),
        Coupled("coupling, wide", AffineSettings.NflowsGeneral, (inputs, c, outputs, s, n) =>
            new Mlp<double>([inputs + c, Hidden, outputs], UnaryFunction.Tanh, n, s, normalizes: true), ParameterOrder.ByKind),
        Coupled("coupling, bounded logarithm", AffineSettings.GlasflowLog(2), (inputs, c, outputs, s, n) =>
            new PeriodicNetwork<double>(new Mlp<double>([inputs + c + 1, Hidden, outputs], UnaryFunction.Tanh, n, s), [inputs + c - 1], [Math.PI])),
        // A bare sigmoid lets scales go to e^−80 in compositions, where a determinant of rounded columns says nothing.
        Coupled("coupling, sigmoid", AffineSettings.NormflowsInverseSigmoid, (inputs, c, outputs, s, n) =>
            new PeriodicNetwork<double>(
                new ResidualNetwork<double>(inputs, c, outputs, Hidden, 1, UnaryFunction.Tanh, n, s), [0], [2], PeriodicInputs.WeightedSum, n)) with { IsComposed = false },
        Coupled("coupling, reciprocal sigmoid", AffineSettings.NormflowsSigmoid, (inputs, c, outputs, s, n) =>
            new Mlp<double>([inputs + c, Hidden, outputs], UnaryFunction.Tanh, n, s)) with { IsComposed = false },
        new("coupling, additive, with a map of what passes", (d, c, s, n) => new Coupling<double>(
            new Additive<double>(), Coupling<double>.RandomHalf(d, s), Net(d, c, 1, n, s),
            new Elementwise<double>(new Affine<double>(1e-3), (d + 1) / 2, n + "alone")))
        {
            Conditions = (true, true), FewestFeatures = 2,
        },
        new("coupling, shift and scale networks", (d, _, s, n) =>
        {
            var passes = Coupling<double>.Halves(d, first: false);
            var network = new ShiftScaleNetwork<double>(
                passes, new Mlp<double>([d, Hidden, d], UnaryFunction.Tanh, n + "t", s), new Mlp<double>([d, Hidden, d], UnaryFunction.Tanh, n + "s", s.Substream(1)));
            return new Inverted<double>(new Coupling<double>(new Affine<double>(), passes, network, order: ParameterOrder.ByKind));
        })
        {
            FewestFeatures = 2, ParameterReach = 0.2,
        },

        // A map of its own for each feature.
        new("masked, a map for each feature", (d, c, s, n) => new MaskedAutoregressive<double>(
            Mixed(d), Made(d, c, Mixed(d).ParametersPerFeature, n, s, new MadeSettings { Blocks = 1 })))
        {
            Conditions = (true, true), ParameterReach = 0.3, PlaneTolerance = Kinked,
        },
        new("coupling, a map for each feature", (d, c, s, n) => new Coupling<double>(
            Mixed(d / 2), Coupling<double>.Halves(d), Net(d, c, Mixed(d / 2).ParametersPerFeature, n, s)))
        {
            Conditions = (true, true), ParameterReach = 0.3, PlaneTolerance = Kinked, FewestFeatures = 2,
        },
        new("elementwise, a map for each feature", (d, _, _, n) => new Elementwise<double>(Mixed(d), d, n)) { PlaneTolerance = Kinked },

        // Of the conditions.
        new("embedded", (d, c, s, n) => Embedded(d, n, s, new Mlp<double>([c, 4, 3], UnaryFunction.Tanh, n + "embedding", s)))
        {
            Conditions = (false, true), ParameterReach = 0.3,
        },
        new("embedded, amortizable network", (d, c, s, n) => Embedded(d, n, s, new AmortizableMlp<double>(new AmortizableMlpShape(c, [4, 3], 3, [2], highwayMode: 4), n + "embedding", s)))
        {
            Conditions = (false, true), ParameterReach = 0.3,
        },
        new("embedded, encoder", (d, c, s, n) => Embedded(d, n, s, new MlpEncoder<double>(c, 3, [4], null, n + "embedding", s))) { Conditions = (false, true), ParameterReach = 0.3 },
        new("embedded, encoder of the last condition", (d, c, s, n) => Embedded(
            d, n, s, c == 1 ? new Mlp<double>([1, 3], UnaryFunction.Tanh, n + "embedding", s) : new PassingEncoder<double>(c - 1, new Mlp<double>([1, 4 - c], UnaryFunction.Tanh, n + "embedding", s))))
        {
            Conditions = (false, true), ParameterReach = 0.3,
        },
        new("elementwise additive", (d, _, _, n) => new Elementwise<double>(new Additive<double>(), d, n)),
        new("conditional, residual network", (d, c, s, n) => new Conditional<double>(
            new Affine<double>(AffineSettings.NflowsMasked), d, new ResidualNetwork<double>(c, 0, 2 * d, Hidden, 1, UnaryFunction.Tanh, n, s)))
        {
            Conditions = (false, true), ParameterReach = 0.3,
        },
    ];

    /// <summary>Base distributions.</summary>
    public static IReadOnlyList<(string Name, Func<int, BaseDistribution<double>> Create)> Bases { get; } =
    [
        ("mixture of flows", d => new MixtureOfFlows<double>(
            [new StandardNormal<double>(d), new NormalMixture<double>(d, 2, name: "inner")],
            [
                new Elementwise<double>(new Affine<double>(1e-3), d, "first"),
                new MaskedAutoregressive<double>(
                    new Affine<double>(1e-3), AutoregressiveOrder.Natural(d), [Hidden], UnaryFunction.Tanh, "second", new RandomStream(5)),
            ])),
        ("mixture of one flow", d => new MixtureOfFlows<double>([new StandardNormal<double>(d)], [new Elementwise<double>(new Affine<double>(1e-3), d, "only")])),
    ];

    private static TransformEntry Masked(string name, AffineSettings affine, Func<int, int, RandomStream, string, MaskedNetwork<double>> network) =>
        new(name, (d, c, s, n) => new MaskedAutoregressive<double>(new Affine<double>(affine), network(d, c, s, n)))
        {
            Conditions = (true, true),
            ParameterReach = 0.3,
        };

    private static TransformEntry Coupled(
        string name, AffineSettings affine, Func<int, int, int, RandomStream, string, Network<double>> network, ParameterOrder order = ParameterOrder.ByFeature) =>
        new(name, (d, c, s, n) =>
        {
            var passes = Coupling<double>.Alternating(d);
            var passing = passes.Count(pass => pass);
            return new Coupling<double>(new Affine<double>(affine), passes, network(passing, c, 2 * (d - passing), s, n), order: order);
        })
        {
            Conditions = (true, true),
            FewestFeatures = 2,
            ParameterReach = 0.3,
        };

    private static PerFeature<double> Mixed(int features)
    {
        Univariate<double>[] kinds = [new RationalQuadraticSpline<double>(new SplineSettings(3, 3)), new Affine<double>(1e-3), new Additive<double>()];
        int[][] taken = [[7, 6, 5, 4, 3, 2, 1, 0], [3, 1], [2]];
        return new PerFeature<double>(
            [.. Enumerable.Range(0, features).Select(j => kinds[j % 3])], 8, [.. Enumerable.Range(0, features).Select(j => taken[j % 3])]);
    }

    private static Made<double> Made(int features, int context, int outputs, string name, RandomStream stream, MadeSettings settings) => new(
        AutoregressiveOrder.Natural(features, context), outputs, settings with { HiddenSize = Hidden, Activation = UnaryFunction.Tanh }, name, stream);

    // As a training leaves them: means around 0, variances around 1.
    private static TPart Normalised<TPart>(TPart network, RandomStream stream)
        where TPart : Part<double>
    {
        var followed = network.Parameters.Where(parameter => !parameter.Trainable).ToArray();
        for (var i = 0; i < followed.Length; i++)
        {
            var numbers = new double[followed[i].Length];
            stream.Substream(500 + (ulong)i).FillUniform<double>(numbers);
            followed[i].Write([.. numbers.Select(value => followed[i].Name.EndsWith("var", StringComparison.Ordinal) ? 0.5 + value : value - 0.5)]);
        }

        return network;
    }

    // Three numbers of the conditions under a masked affine transform.
    private static Embedded<double> Embedded(int features, string name, RandomStream stream, Network<double> embedding) => new(
        new MaskedAutoregressive<double>(
            new Affine<double>(AffineSettings.NflowsMasked), Made(features, embedding.Outputs, 2, name, stream, new MadeSettings { Blocks = 1 })), embedding);

    private static ResidualNetwork<double> Net(int features, int context, int perFeature, string name, RandomStream stream)
    {
        var passing = (features + 1) / 2;
        return new ResidualNetwork<double>(passing, context, (features - passing) * perFeature, Hidden, 1, UnaryFunction.Tanh, name, stream);
    }
}
