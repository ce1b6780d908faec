using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Matrices of parameters: determinant, inverse, exponential and reflections, and rows that they map.</summary>
[TestFixture]
public sealed class SharedMatrixTests
{
    // As in OperationGradientTests: fourth-order differences with h = 1e-3.
    private const double Tolerance = 1e-8;

    private static readonly int[] _rows = [1, 31, 32, 33, 100];

    [Test]
    public void The_logarithm_of_a_determinant_has_its_value_and_the_gradient_of_differences([Values(1, 2, 4)] int n)
    {
        var weight = Weight(n, n);
        using var store = new ParameterStore<double>(Device.Cpu, [weight]);
        var operation = new LogAbsDeterminantOperation<double>("layer 3");
        Check(new GradientCheck(3).Block(Numbers(6), 2).Parameters(store), (tape, leaves) => operation.Apply(tape.Use(weight)) * leaves[0]);
        Check(new GradientCheck(3).Parameters(store), (tape, _) => tape.Use(weight).LogAbsDeterminant("layer 3").Square());
        if (n == 2)
        {
            weight.Write([1, 2, 3, 4]);
            Assert.That(Read(store, tape => operation.Apply(tape.Use(weight))), Is.EqualTo(new[] { Math.Log(2) }).Within(1e-15));
        }
    }

    [Test]
    public void A_dense_map_and_its_inverse_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows)
    {
        var weight = Weight(3, 3);
        var bias = new Parameter<double>("bias", 1, 3, isVector: true);
        bias.Write([0.3, -0.2, 0.5]);
        using var store = new ParameterStore<double>(Device.Cpu, [weight, bias]);
        var inverse = new MatrixInverseOperation<double>("layer");
        Check(
            new GradientCheck(rows).Block(Numbers(rows * 3), 3).Parameters(store),
            (tape, leaves) => leaves[0].Linear(tape.Use(weight), tape.Use(bias)).Square() + (leaves[0].Linear(inverse.Apply(tape.Use(weight), out var log)) * log));
        Check(new GradientCheck(rows).Parameters(store), (tape, _) =>
        {
            inverse.Apply(tape.Use(weight), out var log);
            return log;
        });
    }

    [Test]
    public void An_inverse_undoes_its_map()
    {
        var weight = Weight(5, 5);
        using var store = new ParameterStore<double>(Device.Cpu, [weight]);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(33, record: false);
        var numbers = Numbers(33 * 5);
        var back = tape.Input(numbers, 5).Linear(tape.Use(weight)).Linear(tape.Use(weight).Inverse("layer", out var _));
        var result = new double[numbers.Length];
        tape.ReadValue(back, result);

        // The weight has a condition number below ten.
        Assert.That(result, Is.EqualTo(numbers).Within(1e-14));
    }

    [Test]
    public void A_singular_matrix_is_an_error_that_names_it([Values] bool inverse, [Values(0.0, double.NaN)] double value)
    {
        var weight = new Parameter<float>("weight", 2, 2);
        weight.Write([1, 0, 0, (float)value]);
        using var store = new ParameterStore<float>(Device.Cpu, [weight]);
        using var kernels = Device.Cpu.CreateKernels<float>();
        using var tape = new Tape<float>(kernels);
        tape.Begin(1, record: true);
        Assert.That(
            () => inverse ? tape.Use(weight).Inverse("mix.2.weight", out var _) : tape.Use(weight).LogAbsDeterminant("mix.2.weight"),
            Throws.InvalidOperationException.With.Message.Contains("'mix.2.weight'").And.Message.Contains("column 1"));
    }

    [Test]
    public void Exponentials_and_rotations_have_the_gradient_of_differences([Values(1, 2, 4)] int n)
    {
        var weight = Weight(n, n);
        using var store = new ParameterStore<double>(Device.Cpu, [weight]);
        Check(new GradientCheck(2).Parameters(store), (tape, _) => tape.Use(weight).MatrixExponential().Square());

        // A rotation of one dimension is 1, whatever its parameter.
        if (n > 1)
            Check(new GradientCheck(33).Block(Numbers(33 * n), n).Parameters(store), (tape, leaves) => leaves[0].Linear(tape.Use(weight).Rotation()) * leaves[0].Square());
    }

    [Test]
    public void A_rotation_turns_rows_by_its_angle()
    {
        // R = exp(A − Aᵀ) with A_01 = −π/6 turns (1, 0) to (cos 30°, sin 30°).
        var weight = new Parameter<double>("weight", 2, 2);
        weight.Write([0, -Math.PI / 6, 0, 0]);
        using var store = new ParameterStore<double>(Device.Cpu, [weight]);
        Assert.That(
            Read(store, tape => tape.Input([1, 0], 2).Linear(tape.Use(weight).Rotation())), Is.EqualTo(new[] { Math.Sqrt(0.75), 0.5 }).Within(1e-15));
    }

    [Test]
    public void Reflections_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows, [Values] bool reversed)
    {
        var vectors = Weight(3, 4);
        using var store = new ParameterStore<double>(Device.Cpu, [vectors]);
        var operation = new HouseholderProductOperation<double>("orthogonal", reversed);
        Check(
            new GradientCheck(rows).Block(Numbers(rows * 4), 4).Parameters(store),
            (tape, leaves) => leaves[0].Linear(operation.Apply(tape.Use(vectors))) * leaves[0].Square());
    }

    [Test]
    public void Reflections_are_applied_in_the_order_of_their_vectors([Values] bool reversed)
    {
        var vectors = Weight(3, 4);
        using var store = new ParameterStore<double>(Device.Cpu, [vectors]);
        var x = Numbers(4);
        var expected = (double[])x.Clone();
        for (var step = 0; step < 3; step++)
        {
            var q = vectors.Values.Slice((reversed ? 2 - step : step) * 4, 4).ToArray();
            var factor = 2 * q.Zip(expected, (a, b) => a * b).Sum() / q.Sum(a => a * a);
            expected = expected.Zip(q, (a, b) => a - (factor * b)).ToArray();
        }

        Assert.That(Read(store, tape => tape.Input(x, 4).Linear(tape.Use(vectors).HouseholderProduct("q", reversed))), Is.EqualTo(expected).Within(1e-14));
    }

    [Test]
    public void A_vector_of_no_length_is_an_error_that_names_the_vectors()
    {
        var vectors = new Parameter<double>("q", 2, 2);
        vectors.Write([1, 0, 0, 0]);
        using var store = new ParameterStore<double>(Device.Cpu, [vectors]);
        Assert.That(
            () => Read(store, tape => tape.Use(vectors).HouseholderProduct("mix.q_vectors")),
            Throws.InvalidOperationException.With.Message.Contains("'mix.q_vectors'").And.Message.Contains("vector 1"));
    }

    [Test]
    public void A_matrix_that_is_not_square_is_refused()
    {
        var weight = Weight(2, 3);
        using var store = new ParameterStore<double>(Device.Cpu, [weight]);
        Assert.That(() => Read(store, tape => tape.Use(weight).Rotation()), Throws.ArgumentException.With.Property("ParamName").EqualTo("matrix"));
        Assert.That(() => Read(store, tape => tape.Zeros(2).LogAbsDeterminant("w")), Throws.ArgumentException.With.Message.Contains("a shared square matrix"));
    }

    [Test]
    public void A_warm_step_allocates_nothing_on_the_managed_heap()
    {
        var weight = Weight(4, 4);
        var vectors = new Parameter<double>("vectors", 3, 4);
        vectors.Write(Numbers(12));
        using var store = new ParameterStore<double>(Device.Cpu, [weight, vectors]);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var gradients = kernels.Allocate(store.Length);
        using var tape = new Tape<double>(kernels);
        var logDet = new LogAbsDeterminantOperation<double>("w");
        var inverse = new MatrixInverseOperation<double>("w");
        var reflections = new HouseholderProductOperation<double>("q");
        var numbers = Numbers(100 * 4);
        var seed = new double[100];
        Array.Fill(seed, 1.0);

        void Step(int rows, bool record)
        {
            if (record)
                tape.Begin(rows, store, gradients);
            else
                tape.Begin(rows, record: false);
            var x = tape.Input(numbers.AsSpan(0, rows * 4), 4);
            var w = tape.Use(weight);
            var shared = x.Linear(w.Rotation()).Linear(inverse.Apply(w, out var log)).Linear(reflections.Apply(tape.Use(vectors))) + (log * logDet.Apply(w));
            var segments = shared.SoftmaxSegments(2) + shared.CumulativeSum(4) + shared.LogCumulativeSumExp(2) + shared.SortColumns(out var ranks) + ranks;
            var lu = shared.TileColumns(4).BatchedLu(4);
            var lower = (shared.RepeatColumns(4) + tape.Ones(16)).StopGradient() + w.BatchedMultiply(w, 4, 4, 4, transposeB: true);
            var batched = lu.Solve(x).SumColumns() + lu.LogAbsDeterminant + lower.BatchedTriangularSolve(x, 4).MaxSegments(4) + lower.BatchedCholesky(4, out var det).SumSegments(16) + det;
            var y = (segments * tape.Constant(2.0)).LogSumExpSegments(4) + batched;
            if (record)
                tape.Backward(y, seed.AsSpan(0, rows));
        }

        for (var i = 0; i < 200; i++)
            Step(i % 2 == 0 ? 100 : 33, i % 3 != 0);
        Assert.That(
            WarmCall.Allocated(() =>
            {
                for (var i = 0; i < 12; i++)
                    Step(i % 2 == 0 ? 100 : 33, i % 3 != 0);
            }),
            Is.Zero);
    }

    private static void Check(GradientCheck check, Func<Tape<double>, Variable<double>[], Variable<double>> function)
    {
        var deviation = check.Run(function);
        Assert.That(deviation.Relative, Is.LessThan(Tolerance), deviation.ToString());
    }

    // The numbers of one row or of a shared matrix.
    private static double[] Read(ParameterStore<double> store, Func<Tape<double>, Variable<double>> function)
    {
        using var kernels = store.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(1, record: false);
        var y = function(tape);
        var values = new double[y.Rows * y.Columns];
        tape.ReadValue(y, values);
        return values;
    }

    // Numbers of size 1 with a large diagonal.
    private static Parameter<double> Weight(int rows, int columns)
    {
        var parameter = new Parameter<double>("weight", rows, columns);
        var numbers = Array.ConvertAll(Numbers(rows * columns), number => number / 2);
        for (var i = 0; i < Math.Min(rows, columns); i++)
            numbers[(i * columns) + i] += i % 2 == 0 ? 1.2 : -1.2;
        parameter.Write(numbers);
        return parameter;
    }

    private static double[] Numbers(int length)
    {
        var random = new System.Random(11);
        var numbers = new double[length];
        for (var i = 0; i < length; i++)
            numbers[i] = (2 * random.NextDouble()) - 1;
        return numbers;
    }
}
