using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws.Entries;

/// <summary>Maps of one number whose inverse is solved for, under the conditioners that they are meant for; a squeeze makes no bijection and is left to tests of its own.</summary>
internal static class MonotoneEntries
{
    // The slope of ELU has kinks, and a rule in the plane an error of the square of its step there.
    private const double Kinked = 2e-5;

    private static readonly int[] _hidden = [4];

    /// <summary>The entries.</summary>
    public static IReadOnlyList<TransformEntry> All { get; } =
    [
        new("elementwise gaussianization", (d, _, _, n) => new Elementwise<double>(new Gaussianization<double>(3), d, n)) { Tolerance = 1e-8 },
        new("elementwise gaussianization, shared", (d, _, _, n) => new Elementwise<double>(new Gaussianization<double>(2), d, n, isShared: true)) { Tolerance = 1e-8 },
        new("conditional gaussianization", (d, c, s, n) => new Conditional<double>(new Gaussianization<double>(3), d, c, _hidden, UnaryFunction.Tanh, n, s))
        {
            Conditions = (false, true), Tolerance = 1e-8,
        },
        new("masked sum of squares", (d, c, s, n) => Masked(new SumOfSquares<double>(2, 2), d, c, s, n)) { Conditions = (true, true), Tolerance = 1e-8 },
        new("masked monotone network", (d, c, s, n) => Masked(new MonotoneNetwork<double>(d, n + ".univariate", 2, [6, 4], s.Substream(60)), d, c, s, n))
        {
            Conditions = (true, true), Tolerance = 1e-8, ParameterReach = 0.2, PlaneTolerance = Kinked,
        },

        new("elementwise integrated network", (d, _, s, n) => new Elementwise<double>(Integrated(d, s, n), d, n))
        {
            Tolerance = 1e-8, ParameterReach = 0.2,
        },
    ];

    // A smooth activation, and outputs that stay above 0, where the limit of the slope has a kink: what the quadrature leaves over is then below rounding.
    private static IntegratedNetwork<double> Integrated(int features, RandomStream stream, string name)
    {
        var map = new IntegratedNetwork<double>(features, name + ".univariate", 2, [2], stream.Substream(60), nodes: 24, UnaryFunction.Tanh);
        map.Parameters[^1].Write([.. Enumerable.Repeat(2.2, features)]);
        return map;
    }

    private static MaskedAutoregressive<double> Masked(Univariate<double> univariate, int features, int conditions, RandomStream stream, string name) =>
        new(univariate, AutoregressiveOrder.Natural(features, conditions, descending: true), _hidden, UnaryFunction.Tanh, name, stream);
}
