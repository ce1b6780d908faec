using System.Numerics;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>The accuracy of the elementary functions; that all widths agree is tested in <see cref="LaneMathWidthTests{V, T}"/>.</summary>
public class LaneMathTests
{
    private delegate ScalarLane<T> Function<T>(ScalarLane<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    [Test]
    public void Double_functions_agree_with_values_computed_with_sixty_digits()
    {
        // One rounding of the result, one or two of the reduction and the polynomial; composed functions add those of their parts.
        // The tables hold correctly rounded values, half a unit from the truth.
        Assert.Multiple(() =>
        {
            CheckTable("Exp", _expValues, LaneMath<ScalarLane<double>, double>.Exp, 1.5);
            CheckTable("Expm1", _expm1Values, LaneMath<ScalarLane<double>, double>.Expm1, 2);
            CheckTable("Log", _logValues, LaneMath<ScalarLane<double>, double>.Log, 1.5);
            CheckTable("Log1p", _log1pValues, LaneMath<ScalarLane<double>, double>.Log1p, 2);
            CheckTable("Tanh", _tanhValues, LaneMath<ScalarLane<double>, double>.Tanh, 3);
            CheckTable("Sigmoid", _sigmoidValues, LaneMath<ScalarLane<double>, double>.Sigmoid, 2);
            CheckTable("Softplus", _softplusValues, LaneMath<ScalarLane<double>, double>.Softplus, 3);
            CheckTable("NormalCdf", _normalCdfValues, LaneMath<ScalarLane<double>, double>.NormalCdf, 6);
            CheckTable("Sin", _sinValues, LaneMath<ScalarLane<double>, double>.Sin, 1.5);
            CheckTable("Cos", _cosValues, LaneMath<ScalarLane<double>, double>.Cos, 1.5);
        });
    }

    [Test]
    public void Double_functions_agree_with_the_runtime_on_dense_points()
    {
        // The runtime's functions are within one unit; ours add two (three where composed).
        Assert.Multiple(() =>
        {
            CheckDense("Exp", LaneMath<ScalarLane<double>, double>.Exp, Math.Exp, -745, 709.7, 3);
            CheckDense("Log", LaneMath<ScalarLane<double>, double>.Log, Math.Log, 1e-3, 20, 3);
            CheckDense("Log near one", LaneMath<ScalarLane<double>, double>.Log, Math.Log, 0.99, 1.01, 3);
            CheckDense("Tanh", LaneMath<ScalarLane<double>, double>.Tanh, Math.Tanh, -22, 22, 4);
            CheckDense("Sin", LaneMath<ScalarLane<double>, double>.Sin, Math.Sin, -100, 100, 3);
            CheckDense("Cos", LaneMath<ScalarLane<double>, double>.Cos, Math.Cos, -1e6, 1e6, 3);

            // Kahan's forms of the two cancellation-free functions: three roundings more.
            CheckDense("Expm1", LaneMath<ScalarLane<double>, double>.Expm1, Expm1, -40, 60, 6);
            CheckDense("Expm1 near zero", LaneMath<ScalarLane<double>, double>.Expm1, Expm1, -1, 1, 6);
            CheckDense("Log1p", LaneMath<ScalarLane<double>, double>.Log1p, Log1p, -0.999, 100, 6);
            CheckDense("Log1p near zero", LaneMath<ScalarLane<double>, double>.Log1p, Log1p, -1e-3, 1e-3, 6);
        });

        static double Expm1(double x)
        {
            var u = Math.Exp(x);
            return u == 1 ? x : u - 1 == -1 ? -1 : (u - 1) * x / Math.Log(u);
        }

        static double Log1p(double x)
        {
            var u = 1 + x;
            return u == 1 ? x : Math.Log(u) * x / (u - 1);
        }
    }

    [Test]
    public void Single_functions_agree_with_the_double_ones()
    {
        // The double result is exact for this purpose. Half a unit for the last rounding, half a unit for each rounding of a term
        // as large as the result before it. NormalCdf: t = 1 / (1 + 0.3 z) carries 1.5 half units and the scaled tail amplifies them by 2.7.
        Assert.Multiple(() =>
        {
            CheckSingle("Exp", LaneMath<ScalarLane<float>, float>.Exp, LaneMath<ScalarLane<double>, double>.Exp, -103, 88.7, 1.5);
            CheckSingle("Expm1", LaneMath<ScalarLane<float>, float>.Expm1, LaneMath<ScalarLane<double>, double>.Expm1, -20, 88, 2);
            CheckSingle("Expm1 near zero", LaneMath<ScalarLane<float>, float>.Expm1, LaneMath<ScalarLane<double>, double>.Expm1, -2, 2, 2);
            CheckSingle("Log", LaneMath<ScalarLane<float>, float>.Log, LaneMath<ScalarLane<double>, double>.Log, 1e-4, 20, 1.5);
            CheckSingle("Log near one", LaneMath<ScalarLane<float>, float>.Log, LaneMath<ScalarLane<double>, double>.Log, 0.6, 1.5, 1.5);
            CheckSingle("Log1p", LaneMath<ScalarLane<float>, float>.Log1p, LaneMath<ScalarLane<double>, double>.Log1p, -0.999, 20, 2);
            CheckSingle("Log1p near zero", LaneMath<ScalarLane<float>, float>.Log1p, LaneMath<ScalarLane<double>, double>.Log1p, -1e-2, 1e-2, 2);
            CheckSingle("Tanh", LaneMath<ScalarLane<float>, float>.Tanh, LaneMath<ScalarLane<double>, double>.Tanh, -11, 11, 3);
            CheckSingle("Sigmoid", LaneMath<ScalarLane<float>, float>.Sigmoid, LaneMath<ScalarLane<double>, double>.Sigmoid, -103, 20, 2.5);
            CheckSingle("Softplus", LaneMath<ScalarLane<float>, float>.Softplus, LaneMath<ScalarLane<double>, double>.Softplus, -103, 30, 3);
            CheckSingle("Softplus near zero", LaneMath<ScalarLane<float>, float>.Softplus, LaneMath<ScalarLane<double>, double>.Softplus, -5, 5, 3);
            CheckSingle("NormalCdf", LaneMath<ScalarLane<float>, float>.NormalCdf, LaneMath<ScalarLane<double>, double>.NormalCdf, -14, 6, 6);
            CheckSingle("Sin", LaneMath<ScalarLane<float>, float>.Sin, LaneMath<ScalarLane<double>, double>.Sin, -8000, 8000, 2);
            CheckSingle("Cos", LaneMath<ScalarLane<float>, float>.Cos, LaneMath<ScalarLane<double>, double>.Cos, -10, 10, 2);
        });
    }

    [Test]
    public void The_gaussian_of_the_normal_distribution_function_keeps_its_relative_precision_in_the_tail()
    {
        // e^(−35²/2) computed with 60 digits.
        LaneMath<ScalarLane<double>, double>.NormalCdf(ScalarLane<double>.Create(-35.0), out var gaussian);
        Assert.That(Units(gaussian.Value, 9.87710872151989e-267), Is.LessThan(3));
    }

    [Test]
    public void Special_values_are_the_limits_of_the_functions()
    {
        CheckSpecial<float>();
        CheckSpecial<double>();
    }

    private static void CheckSpecial<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inf = T.PositiveInfinity;
        Assert.Multiple(() =>
        {
            foreach (var f in new Function<T>[]
            {
                LaneMath<ScalarLane<T>, T>.Exp, LaneMath<ScalarLane<T>, T>.Expm1, LaneMath<ScalarLane<T>, T>.Log, LaneMath<ScalarLane<T>, T>.Log1p,
                LaneMath<ScalarLane<T>, T>.Tanh, LaneMath<ScalarLane<T>, T>.Sigmoid, LaneMath<ScalarLane<T>, T>.Softplus, LaneMath<ScalarLane<T>, T>.NormalCdf,
                LaneMath<ScalarLane<T>, T>.Sin, LaneMath<ScalarLane<T>, T>.Cos,
            })
            {
                Assert.That(T.IsNaN(f(ScalarLane<T>.Create(T.NaN)).Value), Is.True, f.Method.Name);
            }

            Check("Exp", LaneMath<ScalarLane<T>, T>.Exp, (inf, inf), (-inf, T.Zero), (T.Zero, T.One), (T.CreateChecked(1000), inf), (T.CreateChecked(-1000), T.Zero));
            Check("Expm1", LaneMath<ScalarLane<T>, T>.Expm1, (inf, inf), (-inf, -T.One), (T.NegativeZero, T.NegativeZero), (T.Zero, T.Zero), (T.Epsilon, T.Epsilon), (T.CreateChecked(1000), inf));
            Check("Log", LaneMath<ScalarLane<T>, T>.Log, (inf, inf), (T.Zero, -inf), (T.NegativeZero, -inf), (T.One, T.Zero), (-T.One, T.NaN), (-inf, T.NaN));
            Check("Log1p", LaneMath<ScalarLane<T>, T>.Log1p, (inf, inf), (-T.One, -inf), (T.NegativeZero, T.NegativeZero), (T.Zero, T.Zero), (T.Epsilon, T.Epsilon), (T.CreateChecked(-2), T.NaN));
            Check("Tanh", LaneMath<ScalarLane<T>, T>.Tanh, (inf, T.One), (-inf, -T.One), (T.NegativeZero, T.NegativeZero), (T.Zero, T.Zero), (T.Epsilon, T.Epsilon), (T.CreateChecked(50), T.One));
            Check("Sigmoid", LaneMath<ScalarLane<T>, T>.Sigmoid, (inf, T.One), (-inf, T.Zero), (T.Zero, T.CreateChecked(0.5)));
            Check("Softplus", LaneMath<ScalarLane<T>, T>.Softplus, (inf, inf), (-inf, T.Zero), (T.CreateChecked(1000), T.CreateChecked(1000)));
            Check("NormalCdf", LaneMath<ScalarLane<T>, T>.NormalCdf, (inf, T.One), (-inf, T.Zero), (T.CreateChecked(-45), T.Zero));
            Check("Sin", LaneMath<ScalarLane<T>, T>.Sin, (T.Zero, T.Zero), (T.NegativeZero, T.NegativeZero), (T.Epsilon, T.Epsilon));
            Check("Cos", LaneMath<ScalarLane<T>, T>.Cos, (T.Zero, T.One));
        });
    }

    private static void Check<T>(string name, Function<T> f, params (T X, T Y)[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (x, y) in values)
        {
            var actual = f(ScalarLane<T>.Create(x)).Value;
            Assert.That(actual.Equals(y) && T.IsNegative(actual) == T.IsNegative(y) || T.IsNaN(actual) && T.IsNaN(y), Is.True, $"{name}({x}) is {actual}, not {y}");
        }
    }

    private static void CheckTable(string name, (double X, double Y)[] values, Function<double> f, double units)
    {
        foreach (var (x, y) in values)
        {
            var actual = f(ScalarLane<double>.Create(x)).Value;
            Assert.That(Units(actual, y), Is.LessThanOrEqualTo(units), $"{name}({x}) is {actual}, not {y}");
        }
    }

    private static void CheckDense(string name, Function<double> f, Func<double, double> reference, double low, double high, double units)
    {
        const int Points = 50_000;
        var (worst, at) = (0.0, 0.0);
        for (var i = 0; i <= Points; i++)
        {
            var x = low + (high - low) * i / Points;
            var error = Units(f(ScalarLane<double>.Create(x)).Value, reference(x));
            if (!(error <= worst))
                (worst, at) = (error, x);
        }

        TestContext.Out.WriteLine($"{name}: {worst:F2} units at {at}");
        Assert.That(worst, Is.LessThanOrEqualTo(units), $"{name} at {at}");
    }

    private static void CheckSingle(string name, Function<float> f, Function<double> reference, double low, double high, double units)
    {
        const int Points = 100_000;
        var (worst, at) = (0.0, 0f);
        for (var i = 0; i <= Points; i++)
        {
            var x = (float)(low + (high - low) * i / Points);
            var exact = reference(ScalarLane<double>.Create(x)).Value;
            var rounded = (float)Math.Abs(exact);
            var error = Math.Abs(f(ScalarLane<float>.Create(x)).Value - exact) / ((double)float.BitIncrement(rounded) - rounded);
            if (!(error <= worst))
                (worst, at) = (error, x);
        }

        TestContext.Out.WriteLine($"{name}: {worst:F2} units at {at}");
        Assert.That(worst, Is.LessThanOrEqualTo(units), $"{name} at {at}");
    }

    // The error in units in the last place of the reference.
    private static double Units(double actual, double reference)
    {
        var size = Math.Abs(reference);
        return Math.Abs(actual - reference) / (double.BitIncrement(size) - size);
    }

    // Correctly rounded values.
    private static readonly (double X, double Y)[] _expValues =
    [
        (-745.0, 5e-324),
        (-708.5, 2.006132305331306e-308),
        (-100.25, 2.897198083210148e-44),
        (-20.0, 2.061153622438558e-09),
        (-1.5, 0.22313016014842982),
        (-0.4, 0.6703200460356393),
        (-0.34657, 0.7071093199024199),
        (-1e-09, 0.999999999),
        (1e-17, 1.0),
        (0.1, 1.1051709180756477),
        (0.34658, 1.41422262711514),
        (0.5, 1.6487212707001282),
        (1.0, 2.718281828459045),
        (3.7, 40.4473043600674),
        (88.0, 1.6516362549940018e+38),
        (709.7, 1.6549840276802644e+308),
    ];

    private static readonly (double X, double Y)[] _expm1Values =
    [
        (-50.0, -1.0),
        (-37.0, -0.9999999999999999),
        (-2.5, -0.9179150013761012),
        (-1.0, -0.6321205588285577),
        (-0.35, -0.29531191028128656),
        (-0.3, -0.2591817793182821),
        (-0.001, -0.0009995001666250085),
        (-1e-10, -9.999999999500001e-11),
        (1e-300, 1e-300),
        (1e-12, 1.0000000000005e-12),
        (0.01, 0.010050167084168058),
        (0.2, 0.22140275816016985),
        (0.35, 0.41906754859325723),
        (0.7, 1.0137527074704764),
        (1.1, 2.0041660239464334),
        (20.0, 485165194.4097903),
        (100.0, 2.6881171418161356e+43),
        (709.7, 1.6549840276802644e+308),
    ];

    private static readonly (double X, double Y)[] _logValues =
    [
        (5e-324, -744.4400719213812),
        (1e-310, -713.8013788281542),
        (1e-200, -460.51701859880916),
        (0.1, -2.3025850929940455),
        (0.5, -0.6931471805599453),
        (0.7, -0.35667494393873245),
        (0.70711, -0.3465690382006941),
        (0.9, -0.10536051565782628),
        (0.999999, -1.000000500029089e-06),
        (1.0000001, 9.999999505838704e-08),
        (1.2, 0.1823215567939546),
        (1.41421, 0.34657107129862735),
        (1.415, 0.34712953109520095),
        (2.0, 0.6931471805599453),
        (10.0, 2.302585092994046),
        (100000.0, 11.512925464970229),
        (1.7e+308, 709.7268368932282),
    ];

    private static readonly (double X, double Y)[] _log1pValues =
    [
        (-0.9999999, -16.118095651484676),
        (-0.9, -2.302585092994046),
        (-0.5, -0.6931471805599453),
        (-0.3, -0.35667494393873234),
        (-0.29, -0.3424903089467759),
        (-0.1, -0.10536051565782631),
        (-1e-08, -1.0000000050000001e-08),
        (1e-300, 1e-300),
        (1e-15, 9.999999999999995e-16),
        (1e-05, 9.999950000333332e-06),
        (0.1, 0.09531017980432487),
        (0.4, 0.33647223662121295),
        (0.414, 0.346422567474381),
        (0.4143, 0.3466347090443171),
        (0.9, 0.6418538861723948),
        (1.0, 0.6931471805599453),
        (3.0, 1.3862943611198906),
        (10000000000.0, 23.025850930040455),
        (1e+17, 39.14394658089878),
        (1e+300, 690.7755278982137),
    ];

    private static readonly (double X, double Y)[] _tanhValues =
    [
        (-19.0, -0.9999999999999999),
        (-5.0, -0.9999092042625951),
        (-1.0, -0.7615941559557649),
        (-0.55, -0.5005202111902353),
        (-0.1, -0.09966799462495582),
        (-1e-05, -9.999999999666668e-06),
        (1e-300, 1e-300),
        (1e-09, 1e-09),
        (0.01, 0.00999966667999946),
        (0.17, 0.16838104587081473),
        (0.3, 0.2913126124515909),
        (0.6, 0.5370495669980353),
        (0.9, 0.7162978701990245),
        (2.0, 0.9640275800758169),
        (8.0, 0.9999997749296758),
        (18.5, 0.9999999999999998),
    ];

    private static readonly (double X, double Y)[] _sigmoidValues =
    [
        (-745.0, 5e-324),
        (-700.0, 9.85967654375977e-305),
        (-40.0, 4.248354255291589e-18),
        (-10.0, 4.5397868702434395e-05),
        (-2.0, 0.11920292202211756),
        (-0.7, 0.3318122278318339),
        (-0.1, 0.47502081252106),
        (1e-12, 0.50000000000025),
        (0.2, 0.549833997312478),
        (0.6, 0.6456563062257954),
        (1.0, 0.7310585786300049),
        (3.0, 0.9525741268224333),
        (20.0, 0.9999999979388464),
        (36.5, 0.9999999999999999),
    ];

    private static readonly (double X, double Y)[] _softplusValues =
    [
        (-745.0, 5e-324),
        (-700.0, 9.85967654375977e-305),
        (-40.0, 4.248354255291589e-18),
        (-10.0, 4.539889921686465e-05),
        (-2.0, 0.1269280110429725),
        (-0.7, 0.4031860488854579),
        (-0.1, 0.6443966600735709),
        (1e-12, 0.6931471805604453),
        (0.2, 0.7981388693815918),
        (0.6, 1.0374879504858856),
        (1.0, 1.3132616875182228),
        (3.0, 3.048587351573742),
        (20.0, 20.000000002061153),
        (36.5, 36.5),
        (1000.0, 1000.0),
    ];

    private static readonly (double X, double Y)[] _normalCdfValues =
    [
        (-38.0, 2.88542835e-316),
        (-37.5, 4.605353009581955e-308),
        (-30.0, 4.906713927148187e-198),
        (-20.0, 2.7536241186062337e-89),
        (-10.0, 7.619853024160525e-24),
        (-5.0, 2.866515718791939e-07),
        (-3.0, 0.0013498980316300946),
        (-2.0, 0.02275013194817921),
        (-1.3, 0.09680048458561033),
        (-1.0, 0.15865525393145705),
        (-0.7, 0.24196365222307303),
        (-0.3, 0.3820885778110474),
        (-0.1, 0.460172162722971),
        (-0.001, 0.49960105778608893),
        (1e-09, 0.5000000003989423),
        (0.05, 0.5199388058383725),
        (0.3, 0.6179114221889527),
        (0.8, 0.7881446014166034),
        (1.0, 0.8413447460685429),
        (1.7, 0.955434537241457),
        (2.5, 0.9937903346742238),
        (4.0, 0.9999683287581669),
        (6.0, 0.9999999990134123),
        (8.0, 0.9999999999999993),
    ];

    private static readonly (double X, double Y)[] _sinValues =
    [
        (-999999.0, 0.9773520315382229),
        (-1000.0, -0.8268795405320025),
        (-3.14159265358979, -3.2310891488651735e-15),
        (-1.6, -0.9995736030415051),
        (-0.8, -0.7173560908995228),
        (-0.7, -0.644217687237691),
        (-1e-05, -9.999999999833334e-06),
        (1e-300, 1e-300),
        (0.3, 0.29552020666133955),
        (0.78, 0.7032794192004101),
        (0.79, 0.7103532724176078),
        (1.0, 0.8414709848078965),
        (1.57, 0.9999996829318346),
        (2.3, 0.7457052121767203),
        (2.4, 0.675463180551151),
        (3.0, 0.1411200080598672),
        (4.0, -0.7568024953079282),
        (5.5, -0.7055403255703919),
        (6.28318530717958, -6.462178297730347e-15),
        (100.0, -0.5063656411097588),
        (12345.678, -0.7040813137533816),
        (573204.0, 0.9999999999999568),
    ];

    private static readonly (double X, double Y)[] _cosValues =
    [
        (-999999.0, 0.21161995758460128),
        (-1000.0, 0.5623790762907029),
        (-3.14159265358979, -1.0),
        (-1.6, -0.029199522301288815),
        (-0.8, 0.6967067093471654),
        (-0.7, 0.7648421872844885),
        (-1e-05, 0.99999999995),
        (1e-300, 1.0),
        (0.3, 0.955336489125606),
        (0.78, 0.7109135380122773),
        (0.79, 0.7038453156522361),
        (1.0, 0.5403023058681398),
        (1.5707963267948966, 6.123233995736766e-17),
        (2.3, -0.6662760212798241),
        (2.4, -0.7373937155412454),
        (3.0, -0.9899924966004454),
        (4.71238898038469, -1.8369701987210297e-16),
        (5.5, 0.70866977429126),
        (6.28318530717958, 1.0),
        (100.0, 0.8623188722876839),
        (12345.678, 0.7101193587160628),
        (573204.0, -2.938899864407033e-07),
    ];
}
