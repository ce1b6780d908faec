using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Tests.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>The elementwise transforms on the tape: gradients of y and log|det J| together, and the checks of shapes.</summary>
public sealed class TransformOperationTests
{
    private const int Rows = 5;
    private const int Columns = 2;

    // Fourth-order differences with h = 1e-3: (1e-3)^4 / 30 times a fifth derivative of up to a few thousand, relative to
    // gradients of order one, and 1e-13 of rounding over h.
    private const double Tolerance = 1e-8;

    private static readonly SplineSettings _spline = new(3);
    private static readonly ResidualSettings _residual = new([0.5, -1], [2, 0.5], [(0, 1)], 0.3, 0.4);

    // In the middle of the bins of nearly equal thirds, and outside on either side.
    private static readonly double[] _arguments = [-3.2, 0.1, 3.4, -0.2, 0.4, 6, -7, 3.1, -3.4, -0.5];

    [Test]
    public void Gradients_of_the_spline_of_a_block_of_parameters([Values] bool inverse) =>
        Check(
            new GradientCheck(Rows).Block(_arguments, Columns).Block(Numbers(Rows * Columns * 8, 1), Columns * 8),
            (tape, leaves) => Both(new SplineOperation<double>(_spline, [1, 0], inverse).Apply(leaves[0], leaves[1], out var logDet), logDet));

    [Test]
    public void Gradients_of_the_spline_of_a_shared_row_of_parameters([Values] bool inverse) =>
        Check(
            new GradientCheck(Rows).Block(_arguments, Columns).SharedRow(Numbers(Columns * 8, 2)),
            (tape, leaves) => Both(new SplineOperation<double>(_spline, [0, 1], inverse).Apply(leaves[0], leaves[1], out var logDet), logDet));

    [Test]
    public void Gradients_of_parameters_at_unused_positions_are_zero_and_of_those_used_twice_add_up()
    {
        Check(
            new GradientCheck(Rows).Block(_arguments, Columns).Block(Numbers(Rows * 3 * 8, 3), 3 * 8),
            (tape, leaves) => Both(new SplineOperation<double>(_spline, [2, 0]).Apply(leaves[0], leaves[1], out var logDet), logDet));
        Check(
            new GradientCheck(Rows).Block(_arguments, Columns).Block(Numbers(Rows * Columns * 8, 4), Columns * 8),
            (tape, leaves) =>
            {
                var operation = new SplineOperation<double>(_spline, [0, 1]);
                var y = operation.Apply(leaves[0], leaves[1], out var logDet);
                var again = operation.Apply(leaves[0], leaves[1], out var logDetAgain);
                return VariableFunctions.Concatenate(y, logDet, again, logDetAgain);
            });
    }

    [Test]
    public void Gradients_of_the_affine_map([Values] bool inverse, [Values] bool shared, [Values(0.0, 1e-3)] double slope)
    {
        var check = new GradientCheck(Rows).Block(_arguments, Columns);
        check = shared ? check.SharedRow(Numbers(Columns * 2, 5)) : check.Block(Numbers(Rows * Columns * 2, 5), Columns * 2);
        Check(check, (tape, leaves) => Both(new AffineOperation<double>(slope, [1, 0], inverse).Apply(leaves[0], leaves[1], out var logDet), logDet));
    }

    [Test]
    public void Gradients_of_the_Gaussianization([Values] bool inverse, [Values] bool shared, [Values(0.0, 0.01)] double squeeze)
    {
        // The arguments are within the squeeze, beyond which no number has an origin.
        var check = new GradientCheck(Rows).Block([.. _arguments.Select(argument => 2 * Math.Tanh(argument))], Columns);
        check = shared ? check.SharedRow(Numbers(Columns * 6, 5)) : check.Block(Numbers(Rows * Columns * 6, 5), Columns * 6);
        Check(check, (tape, leaves) => Both(new GaussianizationOperation<double>(3, squeeze, [1, 0], inverse).Apply(leaves[0], leaves[1], out var logDet), logDet));
    }

    [Test]
    public void Gradients_of_the_residual([Values] bool inverse, [Values] bool shared)
    {
        var check = new GradientCheck(Rows).Block(_arguments, Columns);
        check = shared ? check.SharedRow(Numbers(2, 6)) : check.Block(Numbers(Rows * 2, 6), 2);
        check.Block(Numbers(Rows * 8, 7), 8).Block(Numbers(Rows * 8, 8), 8).Block(Numbers(Rows * 4, 9), 4);
        Check(check, (tape, leaves) => Both(new ResidualOperation<double>(_residual, inverse).Apply(leaves[0], leaves[1], leaves.AsSpan(2), out var logDet), logDet));
    }

    [Test]
    public void Gradients_of_residual_coefficients_that_serve_two_nuisances_add_up() =>
        Check(
            new GradientCheck(Rows).Block(_arguments, Columns).Block(Numbers(Rows * 2, 10), 2).Block(Numbers(Rows * 8, 11), 8).Block(Numbers(Rows * 4, 12), 4),
            (tape, leaves) => Both(
                new ResidualOperation<double>(_residual).Apply(leaves[0], leaves[1], [leaves[2], leaves[2], leaves[3]], out var logDet), logDet));

    [Test]
    public void Feature_by_feature_the_inverse_gives_what_it_gives_at_once()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, Rows);
        tape.Begin(Rows, record: false);
        var x = tape.Input(_arguments, Columns);
        var parameters = tape.Input(Numbers(Rows * Columns * 8, 13), Columns * 8);
        var whole = new SplineOperation<double>(_spline, [0, 1], inverse: true).Apply(x, parameters, out var logDet);
        var parts = tape.Allocate(Columns);
        var logDets = tape.Allocate(Columns);
        var single = new SplineOperation<double>(_spline, [0], inverse: true);
        for (var feature = 0; feature < Columns; feature++)
        {
            single.ApplyInto(
                tape.Slice(x, feature, 1), tape.Slice(parameters, 8 * feature, 8), tape.Slice(parts, feature, 1), tape.Slice(logDets, feature, 1));
        }

        Assert.That(Read(tape, parts), Is.EqualTo(Read(tape, whole)));
        Assert.That(Read(tape, logDets.SumColumns()), Is.EqualTo(Read(tape, logDet)).Within(1e-15));
    }

    [Test]
    public void A_warm_recorded_step_allocates_nothing()
    {
        using var kernels = Device.Cpu.CreateKernels<float>();
        using var tape = new Tape<float>(kernels, Rows);
        var x = Array.ConvertAll(_arguments, value => (float)value);
        var numbers = Array.ConvertAll(Numbers(Rows * Columns * 8, 14), value => (float)value);
        var seed = new float[Rows];
        var spline = new SplineOperation<float>(_spline, [0, 1]);
        var affine = new AffineOperation<float>(1e-3, [0, 1]);
        var residual = new ResidualOperation<float>(_residual);
        Step();
        Assert.That(WarmCall.Allocated(Step), Is.Zero);

        void Step()
        {
            tape.Begin(Rows, record: true);
            var y = spline.Apply(tape.Input(x, Columns, requiresAdjoint: true), tape.Input(numbers, Columns * 8, requiresAdjoint: true), out _);
            y = affine.Apply(y, tape.Input(numbers.AsSpan(0, Rows * 4), 4, requiresAdjoint: true), out _);
            var coefficients = tape.Input(numbers.AsSpan(0, Rows * 8), 8, requiresAdjoint: true);
            var cross = tape.Input(numbers.AsSpan(0, Rows * 4), 4, requiresAdjoint: true);
            var nuisances = tape.Input(numbers.AsSpan(0, Rows * 2), 2, requiresAdjoint: true);
            residual.Apply(y, nuisances, [coefficients, coefficients, cross], out var logDet);
            tape.Backward(logDet, seed);
        }
    }

    [Test]
    public void Wrong_settings_and_shapes_are_named()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, Rows);
        tape.Begin(Rows, record: false);
        var x = tape.Input(_arguments, Columns);
        var three = tape.Allocate(3);
        Assert.Multiple(() =>
        {
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(1), [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4, 0), [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4, double.NaN), [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4, 5, 1), [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { Lower = 5 }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { UpperImage = double.NaN }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { LowerImage = double.NegativeInfinity }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { LowerSlope = 0 }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { UpperSlope = double.PositiveInfinity }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { Parametrization = (SplineParametrization)2 }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { Ends = (SplineEnds)3 }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { Tails = (SplineTails)3 }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { Tails = SplineTails.Circular, Ends = SplineEnds.Free }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(new SplineSettings(4) { Tails = SplineTails.Circular, UpperSlope = 2 }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(Softmax(4) with { MinimumWidth = 0.25 }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(Softmax(4) with { MinimumHeight = 0 }, [0]));
            Throws("settings", () => _ = new SplineOperation<double>(Softmax(4) with { MinimumSlope = 0 }, [0]));
            Throws("positions", () => _ = new SplineOperation<double>(_spline, []));
            Throws("positions", () => _ = new SplineOperation<double>(_spline, [0, 0]));
            Throws("positions", () => _ = new AffineOperation<double>(0, [-1]));
            Throws("slope", () => _ = new AffineOperation<double>(1, [0]));
            Throws("components", () => _ = new GaussianizationOperation<double>(0, 0, [0]));
            Throws("squeeze", () => _ = new GaussianizationOperation<double>(2, 1, [0]));
            Throws("positions", () => _ = new GaussianizationOperation<double>(2, 0, [0, 0]));
            Throws("parameters", () => new GaussianizationOperation<double>(2, 0, [0, 1]).Apply(x, tape.Allocate(7), out _));
            Throws("settings", () => _ = new ResidualOperation<double>(null!));
            Throws("x", () => new SplineOperation<double>(_spline, [0]).Apply(x, tape.Allocate(8), out _));
            Throws("parameters", () => new SplineOperation<double>(_spline, [0, 1]).Apply(x, tape.Allocate(8), out _));
            Throws("parameters", () => new SplineOperation<double>(_spline, [0, 1]).Apply(x, tape.Allocate(17), out _));
            Throws("parameters", () => new SplineOperation<double>(_spline with { Ends = SplineEnds.Free }, [0, 1]).Apply(x, tape.Allocate(16), out _));
            Throws("parameters", () => new SplineOperation<double>(_spline with { Ends = SplineEnds.Tied }, [0, 1]).Apply(x, tape.Allocate(16), out _));
            Throws("parameters", () => new AffineOperation<double>(0, [0, 1]).Apply(x, tape.AllocateShared(2, 4), out _));
            Throws("y", () => new AffineOperation<double>(0, [0, 1]).ApplyInto(x, tape.Allocate(4), three, tape.Allocate(1)));
            Throws("logDet", () => new AffineOperation<double>(0, [0, 1]).ApplyInto(x, tape.Allocate(4), tape.Allocate(2), three));
            Throws("nuisances", () => new ResidualOperation<double>(_residual).Apply(x, three, [], out _));
            Throws("coefficients", () => new ResidualOperation<double>(_residual).Apply(x, x, [three], out _));
            Throws("coefficients", () => new ResidualOperation<double>(_residual).Apply(x, x, [tape.Allocate(8), tape.Allocate(8), three], out _));
        });
    }

    private static SplineSettings Softmax(int bins) => new(bins) { Parametrization = SplineParametrization.Softmax };

    private static void Throws(string parameter, Action action) =>
        Assert.That(Assert.Catch<ArgumentException>(action)?.ParamName, Is.EqualTo(parameter));

    private static void Check(GradientCheck check, Func<Tape<double>, Variable<double>[], Variable<double>> function)
    {
        var deviation = check.Run(function);
        Assert.That(deviation.Relative, Is.LessThan(Tolerance), deviation.ToString());
    }

    private static Variable<double> Both(Variable<double> y, Variable<double> logDet) => VariableFunctions.Concatenate(y, logDet);

    private static double[] Numbers(int count, int seed)
    {
        var normal = TransformKernels.Normal(seed, 0.3);
        var numbers = new double[count];
        for (var i = 0; i < count; i++)
        {
            // The limited parameter a / (1 + |a|·rate) has a jump in its second derivative at zero: keep 2h away.
            numbers[i] = normal(0, i);
            numbers[i] += Math.CopySign(0.01, numbers[i]);
        }

        return numbers;
    }

    private static double[] Read(Tape<double> tape, Variable<double> variable)
    {
        var values = new double[variable.Rows * variable.Columns];
        tape.ReadValue(variable, values);
        return values;
    }
}
