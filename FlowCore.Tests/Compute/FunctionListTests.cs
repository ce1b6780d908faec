using FlowCore.Compute;
using FlowCore.Tests.Documents;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>The list of functions: values against tables of many digits, precision, special values, names.</summary>
[TestFixture]
internal sealed class FunctionListTests
{
    private static readonly IReadOnlyList<UnaryFunction> _unaries = UnaryFunction.All;

    private static readonly IReadOnlyList<BinaryFunction> _binaries = BinaryFunction.All;

    [Test]
    public void Functions_of_one_number_are_within_four_units_of_the_tables()
    {
        // Exponential, scaled tail and product add up to 3.3 units where most come together (erfc); the tables are rounded once.
        Assert.Multiple(() =>
        {
            foreach (var (name, x, expected) in FunctionValues.Unary)
            {
                var actual = ScalarFormula<double>.Value(UnaryFunction.Parse(name), x);
                Assert.That(Units(actual, expected), Is.LessThanOrEqualTo(4), $"{name}({x}) is {actual}, not {expected}");
            }
        });
    }

    [Test]
    public void Functions_of_two_numbers_are_within_two_units_of_the_tables()
    {
        Assert.Multiple(() =>
        {
            foreach (var (name, a, b, expected) in FunctionValues.Binary)
            {
                var actual = ScalarFormula<double>.Value(BinaryFunction.Parse(name), a, b);
                Assert.That(Units(actual, expected), Is.LessThanOrEqualTo(2), $"{name}({a}, {b}) is {actual}, not {expected}");
            }
        });
    }

    [Test]
    public void Single_precision_is_within_eight_units_of_double([ValueSource(nameof(_unaries))] UnaryFunction function)
    {
        const int Points = 20_000;
        for (var i = 0; i <= Points; i++)
        {
            // The range of a bounded argument ends where its type does: x is a float before it is a double.
            var x = (float)FunctionRange.Of(function, -3 + (6.0 * i / Points));
            var expected = ScalarFormula<double>.Value(function, x);
            var actual = ScalarFormula<float>.Value(function, x);
            var unit = Math.ScaleB(1, Math.Max(Math.ILogB(expected) - 23, -149));
            Assert.That(Math.Abs(actual - expected), Is.LessThanOrEqualTo(8 * unit), $"{function}({x}) is {actual}, not {expected}");
        }
    }

    [Test]
    public void Far_tails_in_single_precision_agree_with_double()
    {
        Assert.Multiple(() =>
        {
            foreach (var (function, x) in (IEnumerable<(UnaryFunction, float)>)[
                (UnaryFunction.LogNormalCdf, -1e10f), (UnaryFunction.LogNormalCdf, -100f), (UnaryFunction.LogNormalCdf, 12f), (UnaryFunction.Erfc, 9f),
                (UnaryFunction.NormalCdf, -12.5f), (UnaryFunction.Probit, 1e-37f), (UnaryFunction.ProbitOfLog, -1e30f), (UnaryFunction.ProbitOfLog, -1e-30f),
                (UnaryFunction.Sinh, 89.3f), (UnaryFunction.Cosh, -89.3f), (UnaryFunction.Asinh, 3e38f), (UnaryFunction.Log1mexp, 1e-38f)])
            {
                var expected = ScalarFormula<double>.Value(function, x);
                var actual = ScalarFormula<float>.Value(function, x);
                Assert.That(actual, Is.EqualTo(expected).Within(8 * 6e-8 * Math.Abs(expected)), $"{function}({x})");
            }
        });
    }

    [TestCase(nameof(UnaryFunction.Erf), double.PositiveInfinity, 1)]
    [TestCase(nameof(UnaryFunction.Erf), double.NegativeInfinity, -1)]
    [TestCase(nameof(UnaryFunction.Erf), -0.0, -0.0)]
    [TestCase(nameof(UnaryFunction.Erfc), double.PositiveInfinity, 0)]
    [TestCase(nameof(UnaryFunction.Erfc), double.NegativeInfinity, 2)]
    [TestCase(nameof(UnaryFunction.NormalCdf), double.PositiveInfinity, 1)]
    [TestCase(nameof(UnaryFunction.NormalCdf), double.NegativeInfinity, 0)]
    [TestCase(nameof(UnaryFunction.LogNormalCdf), double.PositiveInfinity, 0)]
    [TestCase(nameof(UnaryFunction.LogNormalCdf), double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase(nameof(UnaryFunction.LogNormalCdf), -1e200, double.NegativeInfinity)]
    [TestCase(nameof(UnaryFunction.Probit), 0, double.NegativeInfinity)]
    [TestCase(nameof(UnaryFunction.Probit), 1, double.PositiveInfinity)]
    [TestCase(nameof(UnaryFunction.Probit), 0.5, 0)]
    [TestCase(nameof(UnaryFunction.Probit), -0.1, double.NaN)]
    [TestCase(nameof(UnaryFunction.Probit), 1.1, double.NaN)]
    [TestCase(nameof(UnaryFunction.ProbitOfLog), double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase(nameof(UnaryFunction.ProbitOfLog), 0, double.PositiveInfinity)]
    [TestCase(nameof(UnaryFunction.ProbitOfLog), 0.1, double.NaN)]
    [TestCase(nameof(UnaryFunction.Atan), double.PositiveInfinity, Math.PI / 2)]
    [TestCase(nameof(UnaryFunction.Atan), -0.0, -0.0)]
    [TestCase(nameof(UnaryFunction.Asin), 1, Math.PI / 2)]
    [TestCase(nameof(UnaryFunction.Asin), 1.1, double.NaN)]
    [TestCase(nameof(UnaryFunction.Asin), -0.0, -0.0)]
    [TestCase(nameof(UnaryFunction.Acos), 1, 0)]
    [TestCase(nameof(UnaryFunction.Acos), -1, Math.PI)]
    [TestCase(nameof(UnaryFunction.Acos), -1.1, double.NaN)]
    [TestCase(nameof(UnaryFunction.Sinh), double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase(nameof(UnaryFunction.Sinh), -0.0, -0.0)]
    [TestCase(nameof(UnaryFunction.Sinh), 711, double.PositiveInfinity)]
    [TestCase(nameof(UnaryFunction.Cosh), double.NegativeInfinity, double.PositiveInfinity)]
    [TestCase(nameof(UnaryFunction.Asinh), double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase(nameof(UnaryFunction.Asinh), -0.0, -0.0)]
    [TestCase(nameof(UnaryFunction.Log1mexp), 0, double.NegativeInfinity)]
    [TestCase(nameof(UnaryFunction.Log1mexp), double.PositiveInfinity, 0)]
    [TestCase(nameof(UnaryFunction.Log1mexp), -1, double.NaN)]
    [TestCase(nameof(UnaryFunction.Sign), -3, -1)]
    [TestCase(nameof(UnaryFunction.Sign), 0, 0)]
    [TestCase(nameof(UnaryFunction.Floor), -2.5, -3)]
    [TestCase(nameof(UnaryFunction.Floor), 3, 3)]
    [TestCase(nameof(UnaryFunction.Floor), double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase(nameof(UnaryFunction.Floor), double.NaN, double.NaN)]
    [TestCase(nameof(UnaryFunction.Softsign), double.NegativeInfinity, -1)]
    [TestCase(nameof(UnaryFunction.Softsign), double.PositiveInfinity, 1)]
    [TestCase(nameof(UnaryFunction.LogSigmoid), double.PositiveInfinity, 0)]
    [TestCase(nameof(UnaryFunction.ReciprocalSqrt), 0, double.PositiveInfinity)]
    public void Special_values_are_limits(string name, double x, double expected)
    {
        var function = UnaryFunction.Parse(name);
        var actual = ScalarFormula<double>.Value(function, x);
        Assert.That(actual, Is.EqualTo(expected));
        Assert.That(ScalarFormula<float>.Value(function, (float)x), Is.EqualTo((float)expected));

        // An odd function keeps the sign of zero.
        if (x == 0 && double.IsNegative(x))
            Assert.That(double.IsNegative(actual), Is.True);
    }

    [Test]
    public void NaN_stays_NaN([ValueSource(nameof(_unaries))] UnaryFunction function)
    {
        Assert.That(ScalarFormula<double>.Value(function, double.NaN), Is.NaN);
        Assert.That(ScalarFormula<float>.Value(function, float.NaN), Is.NaN);
    }

    [TestCase(nameof(BinaryFunction.Power), 0, 2, 0)]
    [TestCase(nameof(BinaryFunction.Power), 0, 0, 1)]
    [TestCase(nameof(BinaryFunction.Power), 0, -1, double.PositiveInfinity)]
    [TestCase(nameof(BinaryFunction.Power), -1, 2, double.NaN)]
    [TestCase(nameof(BinaryFunction.Power), 10, 400, double.PositiveInfinity)]
    [TestCase(nameof(BinaryFunction.Power), 10, -400, 0)]
    [TestCase(nameof(BinaryFunction.Power), double.PositiveInfinity, 0.5, double.PositiveInfinity)]
    [TestCase(nameof(BinaryFunction.Power), double.PositiveInfinity, -0.5, 0)]
    [TestCase(nameof(BinaryFunction.Atan2), 0, 1, 0)]
    [TestCase(nameof(BinaryFunction.Atan2), 0, -1, Math.PI)]
    [TestCase(nameof(BinaryFunction.Atan2), -0.0, -1, -Math.PI)]
    [TestCase(nameof(BinaryFunction.Atan2), 0, -0.0, Math.PI)]
    [TestCase(nameof(BinaryFunction.Atan2), 0, 0, 0)]
    [TestCase(nameof(BinaryFunction.Atan2), 1, 0, Math.PI / 2)]
    [TestCase(nameof(BinaryFunction.Atan2), double.PositiveInfinity, double.PositiveInfinity, Math.PI / 4)]
    [TestCase(nameof(BinaryFunction.Atan2), -1, double.PositiveInfinity, 0)]
    [TestCase(nameof(BinaryFunction.Hypot), 0, 0, 0)]
    [TestCase(nameof(BinaryFunction.Hypot), double.NegativeInfinity, 1, double.PositiveInfinity)]
    [TestCase(nameof(BinaryFunction.CopySign), 3, -0.0, -3)]
    [TestCase(nameof(BinaryFunction.CopySign), -3, 2, 3)]
    [TestCase(nameof(BinaryFunction.CopySign), -3, double.NegativeInfinity, -3)]
    [TestCase(nameof(BinaryFunction.Less), 1, 2, 1)]
    [TestCase(nameof(BinaryFunction.Less), 2, 2, 0)]
    [TestCase(nameof(BinaryFunction.LessOrEqual), 2, 2, 1)]
    [TestCase(nameof(BinaryFunction.LessOrEqual), double.NaN, 2, 0)]
    [TestCase(nameof(BinaryFunction.Equal), 2, 2, 1)]
    [TestCase(nameof(BinaryFunction.Equal), 1, 2, 0)]
    public void Special_values_of_two_numbers(string name, double a, double b, double expected)
    {
        var function = BinaryFunction.Parse(name);
        Assert.That(ScalarFormula<double>.Value(function, a, b), Is.EqualTo(expected));
        Assert.That(ScalarFormula<float>.Value(function, (float)a, (float)b), Is.EqualTo((float)expected));
    }

    [Test]
    public void Functions_are_found_by_their_names_and_only_by_them()
    {
        foreach (var function in _unaries)
            Assert.That(UnaryFunction.Parse(function.Name), Is.SameAs(function));
        foreach (var function in _binaries)
            Assert.That(BinaryFunction.Parse(function.Name), Is.SameAs(function));
        Assert.That(UnaryFunction.Silu.ToString(), Is.EqualTo("Silu"));
        Assert.That(UnaryFunction.TryParse("silu", out _), Is.False);
        Assert.That(UnaryFunction.TryParse("silu", out var found, StringComparison.OrdinalIgnoreCase) && found == UnaryFunction.Silu, Is.True);
        Assert.That(() => UnaryFunction.Parse("Sillu"), Throws.ArgumentException.With.Message.Contains("Tanh").And.Message.Contains("got 'Sillu'"));
        Assert.That(() => BinaryFunction.Parse("Plus"), Throws.ArgumentException.With.Message.Contains("Subtract").And.Message.Contains("got 'Plus'"));
    }

    [Test]
    public void A_formula_alone_makes_a_function()
    {
        var bump = new UnaryFunctionOf<Bump>("Bump", UnaryFunction.All.Count);
        using var kernels = Device.Cpu.CreateKernels<double>();
        var x = TestMatrix.Shared(kernels, 1, 3, (_, column) => column - 0.5);
        var y = TestMatrix.Shared(kernels, 1, 3, (_, _) => 0);
        var slope = TestMatrix.Shared(kernels, 1, 3, (_, _) => 0);
        kernels.Unary(bump, x, y);
        kernels.UnaryTangent(bump, x, y, TestMatrix.Shared(kernels, 1, 3, (_, _) => 1), slope);
        Assert.That(TestMatrix.Read(kernels, y)[2], Is.EqualTo(Math.Exp(-2.25)).Within(1e-16));
        Assert.That(TestMatrix.Read(kernels, slope)[2], Is.EqualTo(-3 * Math.Exp(-2.25)).Within(1e-15));
    }

    [Test]
    public void Reaching_a_formula_allocates_nothing()
    {
        using var kernels = Device.Cpu.CreateKernels<float>();
        var x = TestMatrix.Shared(kernels, 1, 5, (_, _) => 0.5);
        var y = TestMatrix.Shared(kernels, 1, 5, (_, _) => 0.5);
        Assert.That(WarmCall.Allocated(Call), Is.Zero);

        void Call()
        {
            for (var i = 0; i < _unaries.Count; i++)
            {
                kernels.Unary(_unaries[i], x, y);
                kernels.UnaryAdjoint(_unaries[i], x, y, x, y);
                kernels.UnaryTangent(_unaries[i], x, y, x, y);
                kernels.UnaryTangentAdjoint(_unaries[i], x, x, x, x, y, y);
            }

            for (var i = 0; i < _binaries.Count; i++)
            {
                kernels.Binary(_binaries[i], x, x, y);
                kernels.BinaryAdjoint(_binaries[i], x, x, x, y, y);
            }
        }
    }

    [Test]
    public void The_operand_that_is_not_taken_gets_an_adjoint_of_zero_whatever_the_other_factor_is()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        var mask = TestMatrix.Shared(kernels, 1, 4, (_, column) => column % 2);
        var dy = TestMatrix.Shared(kernels, 1, 4, (_, column) => column < 2 ? double.PositiveInfinity : double.NaN);
        var da = TestMatrix.Shared(kernels, 1, 4, (_, _) => 0);
        var db = TestMatrix.Shared(kernels, 1, 4, (_, _) => 0);
        kernels.SelectAdjoint(mask, first: true, dy, da);
        kernels.SelectAdjoint(mask, first: false, dy, db);
        Assert.That(TestMatrix.Read(kernels, da), Is.EqualTo(new[] { 0, double.PositiveInfinity, 0, double.NaN }));
        Assert.That(TestMatrix.Read(kernels, db), Is.EqualTo(new[] { double.PositiveInfinity, 0, double.NaN, 0 }));
    }

    private static double Units(double actual, double expected) => actual.Equals(expected)
        ? 0
        : Math.Abs(actual - expected) / Math.ScaleB(1, Math.Max(Math.ILogB(expected) - 52, -1074));
}
