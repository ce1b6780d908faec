using FlowCore.Statistics;
using NUnit.Framework;

namespace FlowCore.Tests.Statistics;

/// <summary>Special functions and distributions against values of 40-digit arithmetic, and quantiles against the functions that they invert.</summary>
[TestFixture]
public sealed class SpecialFunctionsTests
{
    private static readonly double[][] _logGamma =
    [
        [1e-08, 18.420680738180209],
        [0.01, 4.5994798780420217],
        [0.3, 1.0957979948180756],
        [0.5, 0.57236494292470009],
        [0.75, 0.20328095143129537],
        [0.999, 0.00057803853289138024],
        [1.0001, -5.7713342220471268e-5],
        [1.25, -0.098271836421813161],
        [1.4616, -0.12148629003589733],
        [1.75, -0.084401121020485556],
        [2.0001, 4.2281658112919946e-5],
        [2.4, 0.21685932244884157],
        [3.7, 1.4280723266653881],
        [7.5, 7.534364236758733],
        [14.9, 24.924132002217278],
        [15.1, 25.458999750992663],
        [100.0, 359.1342053695754],
        [1000000.0, 12815504.569147612],
        [-0.5, 1.2655121234846454],
        [-3.7, -1.3797399049658245],
    ];

    private static readonly double[][] _digamma =
    [
        [0.001, -1000.5755719318103],
        [0.25, -4.2274535333762654],
        [1.0, -0.57721566490153286],
        [1.5, 0.036489973978576521],
        [2.0, 0.42278433509846714],
        [5.5, 1.6110931485817511],
        [9.9, 2.2411803166063814],
        [10.1, 2.2622143570941481],
        [100000.0, 11.512920464961895],
        [-0.3, 2.1133097796353989],
        [-7.6, 1.071732116277544],
    ];

    private static readonly double[][] _logErfc =
    [
        [-5.0, 0.69314718055917658],
        [-0.4, 0.35654958461424852],
        [-1e-09, 1.1283791664588929e-9],
        [0.01, -0.011347556229491487],
        [0.49, -0.71676031143688044],
        [0.51, -0.75341455835811108],
        [3.0, -10.720363041981113],
        [30.0, -903.97411711064388],
        [1000.0, -1000007.4801207219],
    ];

    private static readonly double[][] _gamma =
    [
        [0.5, 1e-06, 0.0011283787909692364, 0.99887162120903076],
        [0.5, 0.2, 0.47291074313446193, 0.52708925686553807],
        [0.5, 1.4, 0.90573569315878969, 0.094264306841210313],
        [0.5, 1.6, 0.92636172987969735, 0.073638270120302646],
        [0.5, 30.0, 0.99999999999999051, 9.4857375710738484e-15],
        [1.0, 0.7, 0.50341469620859046, 0.49658530379140954],
        [1.0, 2.5, 0.9179150013761012, 0.082084998623898795],
        [2.5, 0.001, 9.5085345986079498e-9, 0.9999999904914654],
        [2.5, 3.0, 0.6937810815867216, 0.3062189184132784],
        [2.5, 4.0, 0.84376437242227767, 0.15623562757772233],
        [5.0, 0.5, 0.00017211562995584078, 0.99982788437004416],
        [5.0, 40.0, 0.99999999999949795, 5.0204643188291334e-13],
        [10.0, 10.0, 0.54207028552814779, 0.45792971447185221],
        [50.0, 30.0, 0.00051889146254803429, 0.99948110853745197],
        [50.0, 52.0, 0.62785029842613245, 0.37214970157386755],
        [500.0, 400.0, 8.1093810787991598e-7, 0.99999918906189212],
        [500.0, 600.0, 0.99998774405766938, 1.2255942330622904e-5],
        [10000.0, 9900.0, 0.15865119219356466, 0.84134880780643534],
        [10000.0, 10300.0, 0.99852950510361432, 0.0014704948963856813],
        [0.1, 0.01, 0.66262125995447979, 0.33737874004552021],
        [256.0, 200.5, 9.3628482523205346e-5, 0.99990637151747679],
        [0.001, 0.5, 0.99943993334352925, 0.00056006665647074989],
    ];

    private static readonly double[][] _logGammaQ =
    [
        [0.5, 2000.0, -2004.3730660166381],
        [5.0, 2000.0, -1972.7724429925139],
        [1.0, 900.0, -900.0],
        [500.0, 4000.0, -2466.2518749157303],
        [2.5, 1.0, -0.16352527559465034],
    ];

    private static readonly double[][] _beta =
    [
        [0.5, 0.5, 0.1, 0.20483276469913346, 0.79516723530086654],
        [0.5, 0.5, 0.99, 0.93623143914148012, 0.063768560858519876],
        [1.0, 1.0, 0.25, 0.25, 0.75],
        [2.0, 5.0, 1e-05, 1.4999600004499978e-9, 0.99999999850004],
        [2.0, 5.0, 0.3, 0.57982499999999998, 0.42017500000000002],
        [2.0, 5.0, 0.9, 0.999945, 5.499999999999994e-5],
        [30.0, 40.0, 0.3, 0.012126160623329712, 0.98787383937667029],
        [30.0, 40.0, 0.43, 0.51419311954274363, 0.48580688045725637],
        [30.0, 40.0, 0.7, 0.99999868072222179, 1.3192777782136827e-6],
        [1000.0, 2000.0, 0.31, 0.003066591993426546, 0.99693340800657345],
        [1000.0, 2000.0, 0.35, 0.97290450431688492, 0.027095495683115079],
        [0.1, 8.0, 0.01, 0.80678171416172384, 0.19321828583827616],
        [9.0, 0.2, 0.999, 0.57980999872965885, 0.42019000127034115],
        [100000.0, 100000.0, 0.498, 0.036818738827976022, 0.96318126117202398],
    ];

    private static readonly double[][] _student =
    [
        [-0.1, 1.0, 0.46827448256944643],
        [-1.0, 1.0, 0.25],
        [-2.5, 3.0, 0.043853323504032774],
        [-12.0, 7.5, 1.8304032278097398e-6],
        [-50.0, 30.0, 9.3577088296113563e-31],
        [0.7, 4.0, 0.73874991720327488],
        [2.0, 0.5, 0.77724255490843438],
        [-10000.0, 2.0, 4.9999999250000012e-9],
    ];

    private static readonly double[][] _kolmogorov =
    [
        [0.2, 0.99999999999949496, -5.0504073386713632e-13],
        [0.4, 0.99719232677729826, -0.0028116221303913959],
        [0.7, 0.71123519502968925, -0.34075210918222732],
        [0.999, 0.27107316411506395, -1.3053665162556463],
        [1.001, 0.268929266298627, -1.3133068845205837],
        [1.36, 0.049485876755377884, -3.0060679681916118],
        [2.0, 0.00067092525577969535, -7.306852819477806],
        [4.0, 2.5328331098188351e-14, -31.306852819440055],
        [6.0, 1.0760372320042277e-31, -71.306852819440055],
    ];

    private static readonly double[][] _cramerVonMises =
    [
        [0.02, 0.99699938569839812],
        [0.05, 0.87628093104134897],
        [0.1, 0.58487343840679488],
        [0.2, 0.26747043054077487],
        [0.46136, 0.050000383132651278],
        [1.0, 0.0024604521801339639],
        [2.0, 1.2780736172781673e-5],
        [3.0, 7.5677434593160199e-8],
    ];

    private static readonly double[][] _andersonDarling =
    [
        [0.1, 0.99997192189487364],
        [0.3, 0.93815763605712305],
        [0.7, 0.55882320385325928],
        [1.5, 0.17647537284204971],
        [2.492, 0.050022186359607866],
        [5.0, 0.0028744213045860724],
        [10.0, 1.3815035410685864e-5],
    ];

    // Rounding of the arguments of the exponentials: some 100 units in the last place, and for probabilities that are a rest as much of 1.
    private const double Relative = 2e-14;

    [Test]
    public void Gamma_functions_have_their_tabulated_values()
    {
        Check(_logGamma, SpecialFunctions.LogGamma, 4e-15);
        Assert.That(SpecialFunctions.LogGamma(1), Is.Zero);
        Assert.That(SpecialFunctions.LogGamma(2), Is.Zero);
        Assert.That(SpecialFunctions.LogGamma(-3), Is.EqualTo(double.PositiveInfinity));

        // 1.5 is near the zero of ψ, where the error is absolute.
        foreach (var row in _digamma)
            Assert.That(SpecialFunctions.Digamma(row[0]), Is.EqualTo(row[1]).Within(4e-15 * (1 + Math.Abs(row[1]))), $"{row[0]}");
        Assert.That(SpecialFunctions.Digamma(-2), Is.NaN);
    }

    [Test]
    public void The_logarithm_of_the_complementary_error_function_has_its_tabulated_values_far_out_and_near_zero() =>
        Check(_logErfc, SpecialFunctions.LogErfc, 4e-15);

    [Test]
    public void Incomplete_gamma_integrals_have_their_tabulated_values_in_both_tails()
    {
        foreach (var row in _gamma)
        {
            var (a, x) = (row[0], row[1]);
            Near(SpecialFunctions.GammaP(a, x), row[2], x < a + 1 ? Relative : Relative / row[2], $"P({a}, {x})");
            Near(SpecialFunctions.GammaQ(a, x), row[3], x < a + 1 ? Relative / row[3] : Relative, $"Q({a}, {x})");
        }

        foreach (var row in _logGammaQ)
            Near(SpecialFunctions.LogGammaQ(row[0], row[1]), row[2], Relative, $"ln Q({row[0]}, {row[1]})");
    }

    [Test]
    public void Incomplete_beta_integrals_have_their_tabulated_values_in_both_tails()
    {
        foreach (var row in _beta)
        {
            var (a, b, x) = (row[0], row[1], row[2]);
            Near(SpecialFunctions.BetaI(a, b, x), row[3], 5 * Relative / Math.Min(1, row[3] < 0.5 ? 1 : row[3]), $"I({a}, {b}, {x})");
            Near(1 - SpecialFunctions.BetaI(a, b, x), row[4], 5 * Relative / row[4], $"1 - I({a}, {b}, {x})");
        }
    }

    [Test]
    public void Students_distribution_has_its_tabulated_values()
    {
        foreach (var row in _student)
            Near(StudentDistribution.Cdf(row[0], row[1]), row[2], 1e-13, $"t = {row[0]}, {row[1]} degrees");
        Assert.That(StudentDistribution.Cdf(double.NegativeInfinity, 3), Is.Zero);
    }

    [Test]
    public void Limits_of_the_goodness_of_fit_statistics_have_their_tabulated_tails()
    {
        foreach (var row in _kolmogorov)
        {
            Near(KolmogorovDistribution.Survival(row[0]), row[1], Relative, $"Kolmogorov {row[0]}");

            // Where it is nearly one the logarithm is as precise as the probability of the rest, which is a difference nowhere.
            Near(KolmogorovDistribution.LogSurvival(row[0]), row[2], Relative, $"ln Kolmogorov {row[0]}");
        }

        foreach (var row in _cramerVonMises)
            Near(CramerVonMisesDistribution.Survival(row[0]), row[1], 1e-12, $"Cramér-von Mises {row[0]}");
        foreach (var row in _andersonDarling)
            Near(AndersonDarlingDistribution.Survival(row[0]), row[1], 1e-12, $"Anderson-Darling {row[0]}");
        Assert.That(CramerVonMisesDistribution.Survival(0), Is.EqualTo(1));
        Assert.That(AndersonDarlingDistribution.Survival(0), Is.EqualTo(1));
    }

    [Test]
    public void The_tail_of_Kolmogorovs_distribution_has_no_floor() =>
        Assert.That(KolmogorovDistribution.LogSurvival(100), Is.EqualTo(Math.Log(2) - 20000).Within(1e-11));

    [Test]
    public void Quantiles_invert_their_distributions_from_one_tail_to_the_other(
        [Values(0.3, 0.5, 1, 2.5, 30, 4000)] double shape, [Values(1e-200, 1e-9, 0.01, 0.4, 0.5, 0.75, 0.999)] double p)
    {
        // Where the quantile is below the smallest double there is nothing to invert.
        if (p < 1e-100 && shape < 1)
            return;

        // x moves by the error of p over the slope; what is compared is p again, so a few times the error of one evaluation.
        Near(SpecialFunctions.GammaP(shape, GammaDistribution.Quantile(shape, p)), p, 1e-12, "gamma");
        Near(SpecialFunctions.GammaQ(shape, GammaDistribution.QuantileOfSurvival(shape, p)), p, 1e-12, "upper gamma");
        Near(ChiSquareDistribution.Survival(ChiSquareDistribution.QuantileOfSurvival(p, shape), shape), p, 1e-12, "chi square");
        Near(SpecialFunctions.BetaI(shape, 2.5, BetaDistribution.Quantile(shape, 2.5, p)), p, 1e-12 + ((1 + shape) * 1e-15), "beta");
        Near(StudentDistribution.Cdf(StudentDistribution.Quantile(p, shape), shape), p, 1e-12, "student");
        if (p < 0.9)
            Near(KolmogorovDistribution.Survival(KolmogorovDistribution.QuantileOfSurvival(p)), p, 1e-12, "Kolmogorov");
    }

    [Test]
    public void Quantiles_have_known_values()
    {
        Near(ChiSquareDistribution.Quantile(0.95, 1), 3.841458820694124, Relative, "chi square");
        Near(ChiSquareDistribution.QuantileOfSurvival(0.0027, 2), -2 * Math.Log(0.0027), Relative, "chi square of two degrees");
        Near(StudentDistribution.Quantile(0.975, 10), 2.2281388519862742, Relative, "student");
        Assert.That(StudentDistribution.Quantile(0.5, 3), Is.Zero.Within(1e-15));
        Near(NormalDistribution.TwoSidedSignificance(0.0026997960632601866), 3, 1e-14, "three deviations");
        Near(NormalDistribution.QuantileOfLog(-1000), -44.615747731969403, Relative, "far tail");
    }

    [Test]
    public void Binomial_tails_are_sums_of_probabilities()
    {
        const int trials = 23;
        const double p = 0.31;
        for (var k = 0; k <= trials; k++)
        {
            double lower = 0;
            double upper = 0;
            double coefficient = 1;
            for (var i = 0; i <= trials; i++)
            {
                var term = coefficient * Math.Pow(p, i) * Math.Pow(1 - p, trials - i);
                lower += i <= k ? term : 0;
                upper += i >= k ? term : 0;
                coefficient = coefficient * (trials - i) / (i + 1);
            }

            Near(BinomialDistribution.LowerTail(k, trials, p), lower, 1e-13, $"at most {k}");
            Near(BinomialDistribution.UpperTail(k, trials, p), upper, 1e-13, $"at least {k}");
        }
    }

    [Test]
    public void Intervals_of_Clopper_and_Pearson_leave_the_same_probability_beyond_each_end()
    {
        foreach (var (successes, trials) in new (long, long)[] { (0, 10), (10, 10), (3, 10), (683, 1000), (99_730, 100_000) })
        {
            var (lower, upper) = BinomialDistribution.ClopperPearson(successes, trials, 0.6827);
            const double beyond = 0.5 * (1 - 0.6827);
            Assert.That(lower, Is.LessThan(upper));
            if (successes > 0)
                Near(BinomialDistribution.UpperTail(successes, trials, lower), beyond, 1e-10, $"{successes} of {trials}");
            if (successes < trials)
                Near(BinomialDistribution.LowerTail(successes, trials, upper), beyond, 1e-10, $"{successes} of {trials}");
        }

        Assert.That(BinomialDistribution.ClopperPearson(0, 10, 0.95), Is.EqualTo((0.0, 1 - Math.Pow(0.025, 0.1))).Within(1e-14));
        Assert.That(() => BinomialDistribution.ClopperPearson(11, 10, 0.95), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => BinomialDistribution.ClopperPearson(1, 10, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Arguments_out_of_range_give_NaN_and_ends_their_limits()
    {
        Assert.That(SpecialFunctions.GammaP(-1, 2), Is.NaN);
        Assert.That(SpecialFunctions.GammaP(1, -2), Is.NaN);
        Assert.That(SpecialFunctions.GammaP(1, double.NaN), Is.NaN);
        Assert.That(SpecialFunctions.BetaI(1, 1, 1.5), Is.NaN);
        Assert.That(SpecialFunctions.BetaI(0, 1, 0.5), Is.NaN);
        Assert.That(SpecialFunctions.GammaQ(3, double.PositiveInfinity), Is.Zero);
        Assert.That(SpecialFunctions.GammaP(3, 0), Is.Zero);
        Assert.That(ChiSquareDistribution.Quantile(0, 3), Is.Zero);
        Assert.That(ChiSquareDistribution.Quantile(1, 3), Is.EqualTo(double.PositiveInfinity));
        Assert.That(ChiSquareDistribution.Quantile(1.5, 3), Is.NaN);
        Assert.That(BetaDistribution.Quantile(2, 3, 1), Is.EqualTo(1));
        Assert.That(KolmogorovDistribution.QuantileOfSurvival(0), Is.NaN);
        Assert.That(KolmogorovDistribution.Survival(0), Is.EqualTo(1));
    }

    private static void Check(double[][] table, Func<double, double> function, double tolerance)
    {
        foreach (var row in table)
            Near(function(row[0]), row[1], tolerance, $"{row[0]}");
    }

    private static void Near(double actual, double expected, double relative, string name) =>
        Assert.That(actual, Is.EqualTo(expected).Within(Math.Abs(expected) * relative), name);
}
