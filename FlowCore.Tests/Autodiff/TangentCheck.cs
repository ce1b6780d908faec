using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>
/// Asserts that the tangent J·v of a function is that of central differences along v, that w·(J v) is (Jᵀ w)·v of a
/// backward sweep, and that the gradients of J·v by x and v are those of differences.
/// </summary>
internal sealed class TangentCheck(int rows, Device? device = null)
{
    // Fourth-order differences with h = 1e-3: (1e-3)^4 / 30 times a fifth derivative of up to a few thousand, and 1e-13
    // of rounding over h. Gradients of tangents are one derivative higher.
    private const double FirstOrder = 2e-9;
    private const double SecondOrder = 3e-8;

    // Sums of some hundred products of numbers of order one to ten.
    private const double Rounding = 1e-11;

    private const double Step = 1e-3;

    private readonly Device _device = device ?? Device.Cpu;
    private readonly List<(double[] Values, int Columns, bool IsBlock)> _leaves = [];
    private readonly List<(string Name, int Rows, int Columns, double[] Values)> _matrices = [];

    /// <summary>Adds a block to move.</summary>
    public TangentCheck Block(double[] values, int columns)
    {
        Assert.That(values, Has.Length.EqualTo(rows * columns));
        _leaves.Add((values, columns, true));
        return this;
    }

    /// <summary>Adds a shared row to move.</summary>
    public TangentCheck SharedRow(double[] values)
    {
        _leaves.Add((values, values.Length, false));
        return this;
    }

    /// <summary>Adds a parameter [matrixRows, columns] to move; the function gets it behind blocks and rows.</summary>
    public TangentCheck Matrix(double[] values, int matrixRows, int columns)
    {
        _matrices.Add(($"matrix {_matrices.Count}", matrixRows, columns, values));
        return this;
    }

    /// <summary>Checks a function of the tape and the variables.</summary>
    /// <param name="function">The function; what it gets was made for one call.</param>
    /// <param name="further">Parameters to differentiate the tangent by as well.</param>
    /// <param name="gradients">Whether to differentiate the tangent: not where the function holds one already, as functions are known to the second derivative.</param>
    public void Run(Func<Tape<double>, Variable<double>[], Variable<double>> function, Parameter<double>[]? further = null, bool gradients = true)
    {
        var points = _matrices.ConvertAll(matrix => Parameter(matrix.Name, matrix, matrix.Values));
        var directions = _matrices.ConvertAll(matrix => Parameter($"{matrix.Name}, direction", matrix, Direction(matrix.Values.Length, _leaves.Count + matrix.Rows)));
        using var store = new ParameterStore<double>(_device, [.. points, .. directions, .. further ?? []]);
        var moves = _leaves.ConvertAll(leaf => Direction(leaf.Values.Length, _leaves.IndexOf(leaf)));
        using var kernels = _device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, rows);

        Variable<double>[] Begin(double t)
        {
            tape.Begin(rows, record: true);
            var variables = new List<Variable<double>>();
            for (var i = 0; i < _leaves.Count; i++)
            {
                var values = _leaves[i].Values.Zip(moves[i], (value, move) => value + (t * move)).ToArray();
                variables.Add(_leaves[i].IsBlock ? tape.Input(values, _leaves[i].Columns) : tape.SharedRow(values));
            }

            for (var i = 0; i < points.Count; i++)
            {
                var direction = new double[points[i].Length];
                directions[i].Read(direction);
                points[i].Write([.. _matrices[i].Values.Zip(direction, (value, move) => value + (t * move))]);
                variables.Add(tape.Use(points[i]));
            }

            return [.. variables];
        }

        double[] Evaluate(double t) => Read(tape, function(tape, Begin(t)));

        var (ahead, behind, farAhead, farBehind) = (Evaluate(Step), Evaluate(-Step), Evaluate(2 * Step), Evaluate(-2 * Step));
        var x = Begin(0);
        var y = function(tape, x);
        var v = new Variable<double>[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            v[i] = i >= _leaves.Count ? tape.Use(directions[i - _leaves.Count])
                : _leaves[i].IsBlock ? tape.Input(moves[i], _leaves[i].Columns) : tape.SharedRow(moves[i]);
        }

        var tangent = tape.PushForward(y, x, v);
        Assert.That((tangent.Rows, tangent.Columns, tangent.IsBlock), Is.EqualTo((y.Rows, y.Columns, y.IsBlock)));
        var pushed = Read(tape, tangent);
        // Where the function holds a tangent its differences have one derivative more.
        var tolerance = gradients ? FirstOrder : 10 * FirstOrder;
        for (var k = 0; k < pushed.Length; k++)
        {
            var difference = ((8 * (ahead[k] - behind[k])) - (farAhead[k] - farBehind[k])) / (12 * Step);
            Assert.That(pushed[k], Is.EqualTo(difference).Within(tolerance * Math.Max(1, Math.Abs(difference))), $"number {k} against differences");
        }

        CheckSweep(function, pushed, moves, points, directions, store, kernels);

        if (!gradients)
            return;
        var check = new GradientCheck(rows, _device).Parameters(store);
        foreach (var leaf in _leaves)
            _ = leaf.IsBlock ? check.Block(leaf.Values, leaf.Columns) : check.SharedRow(leaf.Values);
        for (var i = 0; i < _leaves.Count; i++)
            _ = _leaves[i].IsBlock ? check.Block(moves[i], _leaves[i].Columns) : check.SharedRow(moves[i]);
        var deviation = check.Run((own, leaves) =>
        {
            Variable<double>[] from = [.. leaves.Take(_leaves.Count), .. points.Select(own.Use)];
            Variable<double>[] along = [.. leaves.Skip(_leaves.Count), .. directions.Select(own.Use)];
            return own.PushForward(function(own, from), from, along);
        });
        Assert.That(deviation.Relative, Is.LessThan(SecondOrder), deviation.ToString());
    }

    // w·(J v) = (Jᵀ w)·v.
    private void CheckSweep(
        Func<Tape<double>, Variable<double>[], Variable<double>> function, double[] pushed, List<double[]> moves,
        List<Parameter<double>> points, List<Parameter<double>> directions, ParameterStore<double> store, Kernels<double> kernels)
    {
        using var tape = new Tape<double>(kernels, rows);
        using var gradients = kernels.Allocate(store.Length);
        tape.Begin(rows, store, gradients);
        var leaves = _leaves.ConvertAll(leaf => leaf.IsBlock ? tape.Input(leaf.Values, leaf.Columns, requiresAdjoint: true) : tape.SharedRow(leaf.Values, requiresAdjoint: true));
        var y = function(tape, [.. leaves, .. points.Select(tape.Use)]);
        var seed = Direction(pushed.Length, 17);
        tape.Backward(y, seed);
        var (forward, backward, size) = (0.0, 0.0, 1.0);
        for (var k = 0; k < seed.Length; k++)
        {
            forward += seed[k] * pushed[k];
            size += Math.Abs(seed[k] * pushed[k]);
        }

        for (var i = 0; i < leaves.Count; i++)
        {
            var adjoint = new double[moves[i].Length];
            tape.ReadAdjoint(leaves[i], adjoint);
            backward += adjoint.Zip(moves[i], (a, b) => a * b).Sum();
        }

        for (var i = 0; i < points.Count; i++)
        {
            var (gradient, direction) = (new double[points[i].Length], new double[points[i].Length]);
            kernels.Read(gradients, points[i].Offset, gradient);
            directions[i].Read(direction);
            backward += gradient.Zip(direction, (a, b) => a * b).Sum();
        }

        Assert.That(forward, Is.EqualTo(backward).Within(Rounding * size), "against the backward sweep");
    }

    private static Parameter<double> Parameter(string name, (string Name, int Rows, int Columns, double[] Values) matrix, double[] values)
    {
        var parameter = new Parameter<double>(name, matrix.Rows, matrix.Columns);
        parameter.Write(values);
        return parameter;
    }

    private static double[] Direction(int length, int set)
    {
        var direction = new double[length];
        for (var i = 0; i < length; i++)
            direction[i] = 0.9 * Math.Sin(1.3 + (2.1 * i) + set);
        return direction;
    }

    private static double[] Read(Tape<double> tape, Variable<double> variable)
    {
        var values = new double[variable.Rows * variable.Columns];
        tape.ReadValue(variable, values);
        return values;
    }
}
