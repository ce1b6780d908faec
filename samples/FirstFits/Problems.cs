using FlowCore.Fitting;

namespace FirstFits;

/// <summary>The densities of the table.</summary>
internal static class Problems
{
    private const int Nodes = 256;
    private const double MoonNoise = 0.1;
    private const double Counts = 9;
    private const double Concentration = 2;
    private const int Arms = 5;
    private const double ArmWidth = 0.2;

    private static readonly double _logBessel = LogBessel(Concentration);
    private static readonly (double X, double Y)[] _moon =
        [.. Enumerable.Range(0, Nodes).Select(i => (Math.Cos(Math.PI * (i + 0.5) / Nodes), Math.Sin(Math.PI * (i + 0.5) / Nodes)))];

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        new FormulaProblem("two moons", 2, DrawMoons, LogMoons),
        new FormulaProblem("8 gaussians", 2, DrawGaussians, LogGaussians),
        new FormulaProblem("checkerboard", 2, DrawCheckerboard, _ => -Math.Log(32)),
        new FormulaProblem("banana", 2, DrawBanana, x => LogNormal(x[0], 0, 2) + LogNormal(x[1], 0.5 * x[0] * x[0], 0.5)),
        new FormulaProblem("exponential x normal", 2, DrawExponential, x => -x[0] + LogNormal(x[1], 0, 1)),
        new FormulaProblem("the same, positive", 2, DrawExponential, x => -x[0] + LogNormal(x[1], 0, 1)) { Supports = [Support.Positive, Support.Real] },
        new FormulaProblem("student t2", 2, (draw, x) => DrawStudent(draw, x, 2), x => LogStudent(x[0], 2) + LogStudent(x[1], 2)),
        new FormulaProblem("box", 2, DrawBox, _ => -Math.Log(10)) { Supports = [Support.Interval(0, 1), Support.Interval(0, 10)] },
        new FormulaProblem("poisson + normal", 2, DrawCounts, LogCounts) { Supports = [Support.Integers, Support.Real] },
        new FormulaProblem("angle", 2, DrawAngle, LogAngle) { Supports = [Support.Circle(0, 2 * Math.PI), Support.Real] },
        new NormalMixtureProblem("mixture in 5", 5),
        new NormalMixtureProblem("mixture in 8", 8),
        new NormalMixtureProblem("mixture in 20", 20),
        new WeightedProblem(),
        new ConditionalProblem(),
        new FormulaProblem("student t1", 2, (draw, x) => DrawStudent(draw, x, 1), x => LogStudent(x[0], 1) + LogStudent(x[1], 1)),
        new FormulaProblem("mass at 91", 2, DrawMass, x => LogNormal(x[0], 91, 2) + LogNormal(x[1], Math.Tanh((x[0] - 91) / 2), 0.3)),
        new FormulaProblem("pinwheel", 2, DrawPinwheel, LogPinwheel),
        new FormulaProblem("ring", 2, DrawRing, x => LogNormal(Radius(x), 2, 0.1) - Math.Log(2 * Math.PI * Radius(x))),
    ];

    // Two half circles of radius 1 with normal noise: the integral along each by the midpoint rule, which is exact to 10⁻⁴ of the density.
    private static void DrawMoons(Draw draw, Span<double> x)
    {
        var angle = Math.PI * draw.Uniform();
        var isFirst = draw.Uniform() < 0.5;
        x[0] = (isFirst ? Math.Cos(angle) : 1 - Math.Cos(angle)) + (MoonNoise * draw.Normal());
        x[1] = (isFirst ? Math.Sin(angle) : 0.5 - Math.Sin(angle)) + (MoonNoise * draw.Normal());
    }

    private static double LogMoons(double[] x)
    {
        var sum = 0.0;
        foreach (var (u, v) in _moon)
        {
            sum += Math.Exp(-0.5 * (Square(x[0] - u) + Square(x[1] - v)) / (MoonNoise * MoonNoise));
            sum += Math.Exp(-0.5 * (Square(x[0] - 1 + u) + Square(x[1] - 0.5 + v)) / (MoonNoise * MoonNoise));
        }

        return Math.Log(sum / (2 * Nodes * 2 * Math.PI * MoonNoise * MoonNoise));
    }

    private static void DrawGaussians(Draw draw, Span<double> x)
    {
        var angle = 0.25 * Math.PI * Math.Floor(8 * draw.Uniform());
        x[0] = (2.8 * Math.Cos(angle)) + (0.35 * draw.Normal());
        x[1] = (2.8 * Math.Sin(angle)) + (0.35 * draw.Normal());
    }

    private static double LogGaussians(double[] x)
    {
        var sum = 0.0;
        for (var k = 0; k < 8; k++)
            sum += Math.Exp(LogNormal(x[0], 2.8 * Math.Cos(0.25 * Math.PI * k), 0.35) + LogNormal(x[1], 2.8 * Math.Sin(0.25 * Math.PI * k), 0.35)) / 8;
        return Math.Log(sum);
    }

    private static void DrawCheckerboard(Draw draw, Span<double> x)
    {
        var (column, row) = (Math.Floor(4 * draw.Uniform()), Math.Floor(2 * draw.Uniform()));
        x[0] = (2 * (column + draw.Uniform())) - 4;
        x[1] = (2 * ((2 * row) + (column % 2) + draw.Uniform())) - 4;
    }

    private static void DrawBanana(Draw draw, Span<double> x)
    {
        x[0] = 2 * draw.Normal();
        x[1] = (0.5 * x[0] * x[0]) + (0.5 * draw.Normal());
    }

    private static void DrawExponential(Draw draw, Span<double> x)
    {
        x[0] = -Math.Log(draw.Uniform());
        x[1] = draw.Normal();
    }

    // t1 is tan(π (u − ½)), t2 is (2u − 1) / √(2u (1 − u)).
    private static void DrawStudent(Draw draw, Span<double> x, int degrees)
    {
        for (var j = 0; j < x.Length; j++)
        {
            var u = draw.Uniform();
            x[j] = degrees == 1 ? Math.Tan(Math.PI * (u - 0.5)) : ((2 * u) - 1) / Math.Sqrt(2 * u * (1 - u));
        }
    }

    private static void DrawBox(Draw draw, Span<double> x)
    {
        x[0] = draw.Uniform();
        x[1] = 10 * draw.Uniform();
    }

    private static void DrawCounts(Draw draw, Span<double> x)
    {
        // Products of uniform numbers until they fall below e^−λ (Knuth).
        var product = draw.Uniform();
        for (x[0] = 0; product > Math.Exp(-Counts); x[0]++)
            product *= draw.Uniform();
        x[1] = (0.3 * (x[0] - Counts)) + draw.Normal();
    }

    private static double LogCounts(double[] x)
    {
        var (count, logFactorial) = ((int)Math.Floor(x[0]), 0.0);
        for (var k = 2; k <= count; k++)
            logFactorial += Math.Log(k);
        return (count * Math.Log(Counts)) - Counts - logFactorial + LogNormal(x[1], 0.3 * (count - Counts), 1);
    }

    // A von Mises angle around 0, by rejection from a uniform one, and a normal feature around its sine.
    private static void DrawAngle(Draw draw, Span<double> x)
    {
        do
            x[0] = 2 * Math.PI * draw.Uniform();
        while (draw.Uniform() > Math.Exp(Concentration * (Math.Cos(x[0]) - 1)));

        // In float 2π itself may come out.
        x[0] = Math.Min(x[0], 6.283185);
        x[1] = Math.Sin(x[0]) + (0.3 * draw.Normal());
    }

    private static double LogAngle(double[] x) =>
        (Concentration * Math.Cos(x[0])) - Math.Log(2 * Math.PI) - _logBessel + LogNormal(x[1], Math.Sin(x[0]), 0.3);

    private static void DrawMass(Draw draw, Span<double> x)
    {
        x[0] = 91 + (2 * draw.Normal());
        x[1] = Math.Tanh((x[0] - 91) / 2) + (0.3 * draw.Normal());
    }

    // Five arms in polar coordinates: the radius is normal, and the angle turns with it. A radius below 0 is five deviations out.
    private static void DrawPinwheel(Draw draw, Span<double> x)
    {
        var arm = Math.Floor(Arms * draw.Uniform());
        double radius;
        do
            radius = 1 + (0.2 * draw.Normal());
        while (radius <= 0);
        var angle = (2 * Math.PI * arm / Arms) + Turn(radius) + (ArmWidth * draw.Normal());
        (x[0], x[1]) = (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }

    private static double LogPinwheel(double[] x)
    {
        var (radius, angle) = (Radius(x), Math.Atan2(x[1], x[0]));
        var sum = 0.0;
        for (var k = 0; k < Arms; k++)
            sum += Math.Exp(LogNormal(Math.IEEERemainder(angle - Turn(radius) - (2 * Math.PI * k / Arms), 2 * Math.PI), 0, ArmWidth)) / Arms;
        return Math.Log(sum) + LogNormal(radius, 1, 0.2) - Math.Log(radius);
    }

    private static double Turn(double radius) => 0.4 * Math.Exp(radius);

    private static void DrawRing(Draw draw, Span<double> x)
    {
        var (angle, radius) = (2 * Math.PI * draw.Uniform(), 2 + (0.1 * draw.Normal()));
        (x[0], x[1]) = (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }

    private static double Radius(double[] x) => Math.Sqrt(Square(x[0]) + Square(x[1]));

    // ln I₀(κ) by its series.
    private static double LogBessel(double kappa)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; k < 50; k++)
            sum += term *= kappa * kappa / (4 * k * k);
        return Math.Log(sum);
    }

    private static double Square(double a) => a * a;

    private static double LogNormal(double x, double mean, double deviation) =>
        (-0.5 * Square((x - mean) / deviation)) - Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI));

    private static double LogStudent(double x, int degrees) => degrees == 1 ? -Math.Log(Math.PI * (1 + (x * x))) : -1.5 * Math.Log(2 + (x * x));
}
