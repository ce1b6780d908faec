using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Elementwise;

/// <summary>Elementwise maps give the numbers of long arithmetic, near ends and in tails too, in both precisions.</summary>
[TestFixture]
internal sealed class ElementwiseValueTests
{
    // A dozen roundings of 1.1e-16 and 6e-8 in the longest formula; of a number below 10^-38 single precision has fewer digits.
    private const double Double = 1e-12;
    private const double Single = 5e-6;

    // From Python's mpmath with 50 digits: the plain formula of each summary at the number that double has, printed with nstr(value, 17).
    public static IEnumerable<TestCaseData> Known()
    {
        (string Name, Func<Univariate<double>> Create, bool Inverse, (double X, double Y, double LogSlope)[] Rows)[] cases =
        [
            ("sigmoid", () => new Sigmoid<double>(), false,
                [(-90, 8.1940126239905154e-40, -90), (-30, 9.357622968839299e-14, -30.000000000000187), (0.5, 0.62245933120185456, -1.4481539683602134), (30, 0.99999999999990642, -30.000000000000187)]),
            ("logit", () => new Logit<double>(), false,
                [(1e-300, -690.77552789821371, 690.77552789821371), (0.99999994039535522, 16.635532273834041, 16.635532393043334), (0.9999999999999991, 34.657359027997265, 34.657359027997266)]),
            ("logit, 0.05", () => new Logit<double>(0.05), false,
                [(0, -2.9444389791664404, 2.9416650522837152), (0.25, -0.96940055718810348, 1.5072072897852017), (1, 2.9444389791664404, 2.9416650522837152)]),
            ("tanh", () => new Tanh<double>(), false,
                [(-9, -0.99999996954004097, -16.613705669340069), (-3, -0.99505475368673045, -4.6186570091555703), (3, 0.99505475368673045, -4.6186570091555703)]),
            ("artanh", () => new Tanh<double>(), true, [(0.9999998807907104, 8.3177661369170204, 15.249238031923443), (0.9999999, 8.4056213910223099, 15.424948520924732)]),
            ("cauchy cdf", () => new CauchyCdf<double>(), false,
                [(-1180591620717411303424.0, 2.6961896103443712e-22, -98.185335164241749), (-1e20, 3.1830988618379067e-21, -93.248133605611228), (-1e6, 3.1830988618368457e-7, -28.775751001778948), (0.5, 0.64758361765043327, -1.3678734371636099), (1e6, 0.99999968169011382, -28.775751001778948)]),
            ("cauchy quantile", () => new CauchyCdf<double>(), true,
                [(1.0000000031710769e-30, -3.1830988517440556e+29, 137.01037568745119), (1e-10, -3183098861.8379066, 44.906971974031513), (0.3, -0.72654252800536094, 1.5686005968500839), (0.9999, 3183.0987571185015, 17.275950891001867)]),
            ("normal cdf", () => new NormalCdf<double>(), false,
                [(-12, 1.776482112077679e-33, -72.918938533204673), (-5, 2.8665157187919391e-7, -13.418938533204673), (0.5, 0.6914624612740131, -1.0439385332046727), (4, 0.99996832875816688, -8.9189385332046727)]),
            ("normal quantile", () => new NormalCdf<double>(), true, [(1.776482112077679e-33, -12, 72.918938533204673), (2.8665157187919391e-7, -5, 13.418938533204673)]),
            ("exp", () => new Exp<double>(), false, [(-80, 1.8048513878454153e-35, -80), (0.5, 1.6487212707001281, 0.5)]),
            ("softplus", () => new Softplus<double>(), false,
                [(-80, 1.8048513878454152e-35, -80), (-20, 2.0611536203143807e-9, -20.000000002061154), (0.5, 0.97407698418010668, -0.47407698418010668), (50, 50, -1.9287498479639178e-22)]),
            ("softplus, backwards", () => new Softplus<double>(), true,
                [(1e-30, -69.07755278982137, 69.07755278982137), (1e-8, -18.420680738952365, 18.420680748952365), (0.5, -0.43275212956718857, 0.93275212956718857), (50, 50, 1.9287498479639178e-22)]),
            ("softclip", () => new Softclip<double>(5), false,
                [(-1e8, -4.9999997500000125, -33.622485763036528), (-3, -1.875, -0.94000725849147111), (0.5, 0.45454545454545455, -0.19062035960864972), (1e12, 4.999999999975, -52.043166406998896)]),
            ("log tanh", () => new LogTanh<double>(1.5), false,
                [(-40, -1.7951504096354554, -4.9942946880333654), (-1.5, -0.90514825364486644, -1.7108803420275935), (0.5, 0.46211715726000976, -0.24022901391655505), (1e6, 4.5400746152301624, -15.120925791883703)]),
            ("log tanh, backwards", () => new LogTanh<double>(1.5), true, [(-1.7951504096354554, -40, 4.9942946880333654), (0.46211715726000976, 0.5, 0.24022901391655505)]),
            ("cosine", () => new Cosine<double>(), false,
                [(0.001, -0.99999950000004167, -6.9077554456488093), (1.5, -0.07073720166770291, -0.0025081561915964022), (3.14, 0.99999873172753955, -6.4423541522161943)]),
            ("sine", () => new Sine<double>(), false,
                [(-1.5, -0.99749498660405443, -2.6487836539784348), (0.25, 0.24740395925452293, -0.031581051247469608), (1.57, 0.99999968293183462, -7.135501015707924)]),
            ("leaky relu", () => new LeakyReLU<double>(0.25), false, [(-2, -0.5, -1.3862943611198906), (0, 0, 0), (3, 3, 0)]),
            ("interval", () => new Interval<double>(-1, 2), false, [(-1, -1, 0), (0.5, 0.5, 0), (2, 2, 0)]),
            ("circular shift", () => new CircularShift<double>(2), false, [(-2, 0, 0), (-0.5, 1.5, 0), (0, -2, 0), (1.5, -0.5, 0), (2.5, 0.5, 0), (-7, -1, 0)]),
        ];
        foreach (var (name, create, inverse, rows) in cases)
            yield return new TestCaseData(new Elementwise<double>(create(), 1), inverse, rows).SetArgDisplayNames(name);
        yield return new TestCaseData(
            new Box<double>([1], [3], "box"), false,
            new[] { (1.00000011920928955, -8.3177661369170204, 15.249238031923443), (1.25, -0.97295507452765665, 0.82667857318446793), (2.999999523162842, 7.6246188669500946, 13.862943849617514), (1.0000000000000009, -17.675253104278605, 33.964211847437321) })
            .SetArgDisplayNames("box");
        yield return new TestCaseData(
            new Box<double>([1], [3], "box"), true,
            new[] { (-8, 1.0000002250703241, -14.613705863950446), (-0.5, 1.5378828427399902, -0.24022901391655505), (0.25, 2.2449186624037091, -0.061859607240322743), (6, 2.9999877116507956, -10.613717927267065) })
            .SetArgDisplayNames("box, backwards");
        var power = new Elementwise<double>(new SignedPower<double>(), 1, "power");
        power.Parameters[0].Write([0.75]);
        yield return new TestCaseData(
            power, false, new[] { (-3, -10.23447817413148, 1.9771499446931671), (0.001, 4.4565619725564804e-7, -6.9659627613793382), (2, 4.3379096853234073, 1.5242454122004875), (0, 0, double.NegativeInfinity) })
            .SetArgDisplayNames("signed power");
    }

    [TestCaseSource(nameof(Known))]
    public void Values_and_slopes_are_those_of_long_arithmetic(Transform<double> transform, bool inverse, (double X, double Y, double LogSlope)[] rows)
    {
        Compare(transform, inverse, rows, Double);

        // In single precision only at numbers that it has.
        var exact = rows.Where(row => (float)row.X == row.X).ToArray();
        if (exact.Length > 0)
            Compare(transform.ConvertTo<float>(), inverse, exact, Single);
    }

    [Test]
    public void The_last_number_below_one_keeps_its_logarithm_in_single_precision()
    {
        // z = 1 − 2⁻²⁴, the last number below 1: ½ ln((2 − 2⁻²⁴) / 2⁻²⁴).
        var (values, _) = Evaluate(new Elementwise<float>(new Tanh<float>(), 1), inverse: true, [MathF.BitDecrement(1)]);
        Assert.That(values[0], Is.EqualTo(0.5 * Math.Log((2 - Math.Pow(2, -24)) / Math.Pow(2, -24))).Within(1e-6));
    }

    [Test]
    public void A_signed_power_has_its_limits_at_zero()
    {
        var transform = new Elementwise<double>(new SignedPower<double>(), 1, "power");
        foreach (var (alpha, expected) in new[] { (0.5, double.NegativeInfinity), (0, 0), (-0.5, double.PositiveInfinity) })
        {
            transform.Parameters[0].Write([alpha]);
            var (values, logDet) = Evaluate(transform, inverse: false, [0]);
            Assert.That((values[0], logDet[0]), Is.EqualTo((0.0, expected)));
        }
    }

    [Test]
    public void Rows_outside_have_minus_infinity_a_number_and_no_gradient_and_NaN_stays_NaN()
    {
        (Univariate<double> Map, bool Inverse, double Outside)[] cases =
        [
            (new Exp<double>(), true, 0), (new Exp<double>(), true, double.PositiveInfinity), (new Softplus<double>(), true, -1), (new Tanh<double>(), true, 1), (new Tanh<double>(), true, -1.5),
            (new Sigmoid<double>(), true, 0), (new Sigmoid<double>(), true, 1), (new Logit<double>(), false, 1), (new Logit<double>(0.05), false, -0.1), (new Softclip<double>(2), true, -2),
            (new NormalCdf<double>(), true, 1), (new CauchyCdf<double>(), true, 0), (new Cosine<double>(), false, 0), (new Cosine<double>(), true, 1), (new Sine<double>(), false, 2),
            (new Sine<double>(), true, -1), (new Interval<double>(), false, 1.5), (new Interval<double>(-2, 3), true, -2.5),
        ];
        foreach (var (map, inverse, outside) in cases)
            CheckOutside(new Elementwise<double>(map, 1), inverse, outside);
        CheckOutside(new Box<double>([1], [3], "box"), inverse: false, 1);
        CheckOutside(new Box<double>([1], [3], "box"), inverse: false, 3);
        CheckOutside(new Box<double>([1], [3], "box"), inverse: false, double.PositiveInfinity);
    }

    [Test]
    public void Results_never_land_on_an_end()
    {
        float[] noise = [0, -0f, 1e-30f, 40, -40, 90, -90, 1e4f, -1e4f, 1e30f, -1e30f, float.MaxValue, float.MinValue];
        foreach (var (transform, inverse) in Bounded())
        {
            var (values, _) = Evaluate(transform, inverse, noise);
            AssertInside(transform, inverse, values);
        }
    }

    [Test]
    public void Ten_million_samples_stay_inside()
    {
        const int Count = 100_000;
        var noise = new float[Count];
        foreach (var (transform, inverse) in Bounded().Take(4))
        {
            for (var part = 0; part < 25; part++)
            {
                new RandomStream(3).Substream((ulong)part).FillNormal<float>(noise);
                for (var i = 0; i < Count; i++)
                    noise[i] *= 4;
                AssertInside(transform, inverse, Evaluate(transform, inverse, noise).Values);
            }
        }
    }

    [Test]
    public void Ends_in_single_precision_are_decided_in_double()
    {
        // 0.1f lies above 0.1, and the number before it below.
        Assert.That(OpenAxis.Greatest<float>(0.1), Is.EqualTo(MathF.BitDecrement(0.1f)));
        Assert.That(OpenAxis.Least<float>(0.1), Is.EqualTo(0.1f));
        Assert.That(OpenAxis.Greatest<float>(1), Is.EqualTo(MathF.BitDecrement(1)));
        Assert.That(OpenAxis.Least<double>(0), Is.EqualTo(double.Epsilon));
        Assert.That(OpenAxis.Greatest<double>(double.PositiveInfinity), Is.EqualTo(double.MaxValue));
    }

    [Test]
    public void A_map_without_parameters_goes_under_elementwise_alone()
    {
        Assert.That(() => new Conditional<double>(new Exp<double>(), 2, 1, [4], UnaryFunction.Tanh, "t"), Throws.ArgumentException.With.Message.Contains("Elementwise"));
        Assert.That(() => new Coupling<double>(new Exp<double>(), [true, false], 0, [4], UnaryFunction.Tanh, "t"), Throws.ArgumentException.With.Message.Contains("Exp"));
        Assert.That(
            () => new MaskedAutoregressive<double>(new Tanh<double>(), AutoregressiveOrder.Natural(2, 0), [4], UnaryFunction.Tanh, "t"),
            Throws.ArgumentException.With.Message.Contains("Tanh"));
        Assert.That(() => new Elementwise<double>(new Additive<double>(), 2), Throws.ArgumentException);
        new UnivariateCheck(new Exp<double>()).Run().ThrowIfFailed();
    }

    [Test]
    public void Constants_out_of_range_are_refused()
    {
        Assert.That(() => new Sigmoid<double>(0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Logit<double>(0.5), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Softclip<double>(-1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new LeakyReLU<double>(0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new LogTanh<double>(0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new LogTanh<double>(1, -1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new CircularShift<double>(double.NaN), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Softclip<float>(1e-42), Throws.InstanceOf<ArgumentException>());
    }

    private static IEnumerable<(Transform<float> Transform, bool Inverse)> Bounded()
    {
        yield return (new Elementwise<float>(new Sigmoid<float>(), 1), false);
        yield return (new Elementwise<float>(new Tanh<float>(), 1), false);
        yield return (new Box<float>([0.1], [0.7], "box"), true);
        yield return (new Box<float>([-1024], [1024], "box"), true);
        yield return (new Box<float>([0], [1], "box"), true);
        yield return (new Box<float>([-1], [0], "box"), true);
        yield return (new Elementwise<float>(new Logit<float>(), 1), true);
        yield return (new Elementwise<float>(new Logit<float>(0.05), 1), true);
        yield return (new Elementwise<float>(new Exp<float>(), 1), false);
        yield return (new Elementwise<float>(new Softplus<float>(), 1), false);
        yield return (new Elementwise<float>(new Softclip<float>(0.1), 1), false);
        yield return (new Elementwise<float>(new NormalCdf<float>(), 1), false);
        yield return (new Elementwise<float>(new CauchyCdf<float>(), 1), false);
    }

    private static void AssertInside(Transform<float> transform, bool inverse, float[] values)
    {
        var axis = (inverse ? transform.Domain : transform.Codomain).Axes![0];
        var (least, greatest) = (values.Min(), values.Max());
        Assert.That((double)least, Is.GreaterThan(axis.Lower), axis.ToString());
        Assert.That((double)greatest, Is.LessThan(axis.Upper), axis.ToString());
    }

    private static void CheckOutside(Transform<double> transform, bool inverse, double outside)
    {
        var what = FormattableString.Invariant($"{transform}, inverse {inverse}, {outside}");
        using var store = transform.Parameters.Count == 0 ? null : new ParameterStore<double>(Device.Cpu, transform.Parameters);
        using var evaluation = new TransformEvaluation<double>(transform, Device.Cpu, 3);
        var good = (inverse ? transform.Codomain : transform.Domain).Axes![0].Inside + 0.25;
        double[] x = [good, outside, double.NaN];
        var (values, logDet) = evaluation.Apply(inverse, x, default);
        var (alone, aloneLogDet) = evaluation.Apply(inverse, [good], default);
        Assert.That((values[0], logDet[0]), Is.EqualTo((alone[0], aloneLogDet[0])), what);
        Assert.That(logDet[1], Is.EqualTo(double.NegativeInfinity), what);
        Assert.That(double.IsFinite(values[1]), Is.True, what);
        Assert.That(values[2], Is.NaN, what);
        var jacobians = evaluation.Jacobians(inverse, x, default);
        Assert.That((jacobians[1, 0, 0], jacobians[1, 1, 0]), Is.EqualTo((0.0, 0.0)), what);
    }

    private static void Compare<T>(Transform<T> transform, bool inverse, (double X, double Y, double LogSlope)[] rows, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (values, logDet) = Evaluate(transform, inverse, [.. rows.Select(row => T.CreateTruncating(row.X))]);
        for (var i = 0; i < rows.Length; i++)
        {
            var (x, y, logSlope) = rows[i];
            Assert.That(double.CreateTruncating(values[i]), Is.EqualTo(y).Within(tolerance * Math.Abs(y)), $"{typeof(T).Name}, value at {x:R}");
            if (double.IsFinite(logSlope))
                Assert.That(double.CreateTruncating(logDet[i]), Is.EqualTo(logSlope).Within(tolerance * Math.Max(1, Math.Abs(logSlope))), $"{typeof(T).Name}, slope at {x:R}");
            else
                Assert.That(double.CreateTruncating(logDet[i]), Is.EqualTo(logSlope), $"{typeof(T).Name}, slope at {x:R}");
        }
    }

    private static (T[] Values, T[] LogDet) Evaluate<T>(Transform<T> transform, bool inverse, T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A copy, so that the transform may be evaluated again.
        var copy = transform.ConvertTo<T>();
        using var store = copy.Parameters.Count == 0 ? null : new ParameterStore<T>(Device.Cpu, copy.Parameters);
        using var evaluation = new TransformEvaluation<T>(copy, Device.Cpu, x.Length);
        return evaluation.Apply(inverse, x, default);
    }
}
