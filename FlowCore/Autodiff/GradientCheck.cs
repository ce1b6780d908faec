namespace FlowCore.Autodiff;

/// <summary>Compares a backward sweep with central differences: the test that every new operation should pass.</summary>
/// <remarks>
/// <para>
/// The function's numbers y are made one number F = Σ w y with fixed weights w between ½ and 1½ of either sign. The
/// sweep starts from w; the differences are those of fourth order, (8 (F(+h) − F(−h)) − (F(+2h) − F(−2h))) / 12h with
/// h = 10⁻³ · max(1, |x|), in double. For smooth functions of size 1 both agree to about 10⁻⁹. Choose arguments that
/// stay 2h away from kinks.
/// </para>
/// <para>
/// Deviations are relative to the gradient, or to 10⁻³ of the largest of its leaf, or to 10⁻⁶ Σ |w y|, whichever is largest: what is
/// smaller is rounding.
/// </para>
/// <para>Add the leaves, then call <see cref="Run"/>. Not thread-safe.</para>
/// </remarks>
public sealed class GradientCheck
{
    private const double Step = 1e-3;

    // Gradients much smaller than the largest of their leaf are rounding noise on its scale.
    private const double Floor = 1e-3;

    // The differences round by about 10⁻¹⁶ F / h = 10⁻¹³ F: a gradient that is 0 in truth, as that of a reflection in one dimension,
    // is one of the sweep's and the differences' roundings, and is told from others by its size only above this share of F.
    private const double Rounding = 1e-6;

    private readonly Device _device;
    private readonly int _rows;
    private readonly List<(string Name, double[] Values, int Columns, bool IsBlock)> _leaves = [];
    private ParameterStore<double>? _store;
    private double _enough = double.PositiveInfinity;

    /// <summary>Creates a check without leaves.</summary>
    /// <param name="rows">The rows of the block, at least 1.</param>
    /// <param name="device">Where to compute; the processor where it is left out.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is not positive.</exception>
    public GradientCheck(int rows, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        _rows = rows;
        _device = device ?? Device.Cpu;
    }

    /// <summary>Adds a block leaf.</summary>
    /// <param name="values">The numbers, rows · columns, row-major.</param>
    /// <param name="columns">The columns.</param>
    /// <returns>This check.</returns>
    /// <exception cref="ArgumentException">The length is not rows · columns.</exception>
    public GradientCheck Block(ReadOnlySpan<double> values, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (values.Length != (long)_rows * columns)
            throw new ArgumentException($"Expected {_rows} rows of {columns} numbers, got {values.Length} numbers.", nameof(values));
        _leaves.Add(($"input {_leaves.Count}", values.ToArray(), columns, true));
        return this;
    }

    /// <summary>Adds a shared leaf [1, values.Length].</summary>
    /// <param name="values">The numbers, one a column, at least one.</param>
    /// <returns>This check.</returns>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public GradientCheck SharedRow(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("Expected at least one number, got none.", nameof(values));
        _leaves.Add(($"input {_leaves.Count}", values.ToArray(), values.Length, false));
        return this;
    }

    /// <summary>Differentiates by the trainable parameters of a store as well. Their numbers are moved during the check and put back.</summary>
    /// <param name="store">The parameters, on the device of the check.</param>
    /// <returns>This check.</returns>
    public GradientCheck Parameters(ParameterStore<double> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        return this;
    }

    /// <summary>Lets the check stand kinks, which piecewise functions have anywhere.</summary>
    /// <remarks>
    /// A kink nearer than 2h spoils a difference and no gradient. Where both deviate by more than a tolerance, the difference is taken
    /// again with steps 32 and 1024 times smaller, and the best of the three counts; a wrong gradient agrees with none. The smallest
    /// step is 10⁻⁶: rounding leaves the differences about 10⁻¹⁰ of the function.
    /// </remarks>
    /// <param name="tolerance">The relative deviation that needs no smaller steps, such as 10⁻⁶.</param>
    /// <returns>This check.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tolerance"/> is not positive.</exception>
    public GradientCheck AmongKinks(double tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tolerance);
        _enough = tolerance;
        return this;
    }

    /// <summary>Compares the gradients of a function by all leaves.</summary>
    /// <param name="function">The function of a tape and the leaves in the order in which they were added; its result may have any shape.</param>
    /// <returns>The worst deviation.</returns>
    /// <exception cref="InvalidOperationException">There is nothing to differentiate by.</exception>
    public GradientDeviation Run(Func<Tape<double>, Variable<double>[], Variable<double>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (_leaves.Count == 0 && _store is null)
            throw new InvalidOperationException("Add a leaf or parameters first.");
        using var kernels = _device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, _rows);
        using var gradients = _store is null ? null : kernels.Allocate(_store.Length);

        var leaves = Begin(tape, gradients);
        var result = function(tape, leaves);
        var weights = Weights(result.Rows * result.Columns);
        tape.Backward(result, weights);
        var rounding = Rounding * Size(tape, result, weights);

        var worst = new GradientDeviation(-1, "", 0, 0, 0, 0);
        var swept = new List<double[]>();
        for (var i = 0; i < leaves.Length; i++)
        {
            var adjoint = new double[_leaves[i].Values.Length];
            tape.ReadAdjoint(leaves[i], adjoint);
            swept.Add(adjoint);
        }

        for (var i = 0; i < leaves.Length; i++)
        {
            var (name, values, columns, _) = _leaves[i];
            var floor = Math.Max(Floor * Largest(swept[i]), rounding);
            for (var k = 0; k < values.Length; k++)
            {
                var kept = values[k];
                var deviation = Compare(swept[i][k], floor, kept, weights, value =>
                {
                    values[k] = value;
                    return Evaluate(tape, function);
                });
                values[k] = kept;
                if (deviation.Relative > worst.Relative)
                    worst = deviation with { Leaf = name, Row = k / columns, Column = k % columns };
            }
        }

        if (_store is null)
            return worst;
        foreach (var parameter in _store.Parameters)
        {
            if (!parameter.Trainable)
                continue;
            var values = new double[parameter.Length];
            var gradient = new double[parameter.Length];
            kernels.Read(_store.Memory, parameter.Offset, values);
            kernels.Read(gradients!, parameter.Offset, gradient);
            var floor = Math.Max(Floor * Largest(gradient), rounding);
            for (var k = 0; k < values.Length; k++)
            {
                var row = k / parameter.Columns;
                var column = k % parameter.Columns;
                if (parameter.Staircase is not null && column >= parameter.Staircase.InputEnd[row])
                    continue;
                var kept = values[k];
                var deviation = Compare(gradient[k], floor, kept, weights, value =>
                {
                    kernels.Write([value], _store.Memory, parameter.Offset + k);
                    return Evaluate(tape, function);
                });
                kernels.Write([kept], _store.Memory, parameter.Offset + k);
                if (deviation.Relative > worst.Relative)
                    worst = deviation with { Leaf = parameter.Name, Row = row, Column = column };
            }
        }

        return worst;
    }

    private GradientDeviation Compare(double gradient, double floor, double at, double[] weights, Func<double, double[]> evaluate)
    {
        var best = Deviation(gradient, Difference(at, Step, weights, evaluate), floor);
        for (var step = Step / 32; best.Relative > _enough && step > Step / 2000; step /= 32)
        {
            var deviation = Deviation(gradient, Difference(at, step, weights, evaluate), floor);
            if (deviation.Relative < best.Relative)
                best = deviation;
        }

        return best;
    }

    private static GradientDeviation Deviation(double gradient, double difference, double floor)
    {
        var scale = Math.Max(Math.Max(Math.Abs(gradient), Math.Abs(difference)), floor);
        var relative = gradient == difference ? 0 : Math.Abs(gradient - difference) / scale;
        if (!double.IsFinite(relative) || !double.IsFinite(gradient))
            relative = double.PositiveInfinity;
        return new GradientDeviation(relative, "", 0, 0, gradient, difference);
    }

    // Numbers that do not depend on the argument cancel to the bit, because the differences are taken before the sum.
    private static double Difference(double at, double step, double[] weights, Func<double, double[]> evaluate)
    {
        var h = step * Math.Max(1, Math.Abs(at));
        var ahead = evaluate(at + h);
        var behind = evaluate(at - h);
        var farAhead = evaluate(at + (2 * h));
        var farBehind = evaluate(at - (2 * h));
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
            sum += weights[i] * ((8 * (ahead[i] - behind[i])) - (farAhead[i] - farBehind[i]));
        return sum / (12 * h);
    }

    private static double[] Weights(int length)
    {
        // Multiples of the golden ratio are spread evenly, and no two weights are alike.
        var weights = new double[length];
        for (var i = 0; i < length; i++)
        {
            var fraction = (i + 1) * 0.6180339887498949 % 1;
            weights[i] = (0.5 + fraction) * (i % 3 == 1 ? -1 : 1);
        }

        return weights;
    }

    private static double Size(Tape<double> tape, Variable<double> result, double[] weights)
    {
        var values = new double[weights.Length];
        tape.ReadValue(result, values);
        var size = 0.0;
        for (var i = 0; i < values.Length; i++)
            size += Math.Abs(weights[i] * values[i]);
        return size;
    }

    private static double Largest(double[] numbers)
    {
        var largest = 0.0;
        foreach (var number in numbers)
            largest = Math.Max(largest, Math.Abs(number));
        return largest;
    }

    private double[] Evaluate(Tape<double> tape, Func<Tape<double>, Variable<double>[], Variable<double>> function)
    {
        var result = function(tape, Begin(tape, gradients: null));
        var values = new double[result.Rows * result.Columns];
        tape.ReadValue(result, values);
        return values;
    }

    private Variable<double>[] Begin(Tape<double> tape, DeviceMemory<double>? gradients)
    {
        if (gradients is not null)
            tape.Begin(_rows, _store!, gradients);
        else
            tape.Begin(_rows, record: true);
        var leaves = new Variable<double>[_leaves.Count];
        for (var i = 0; i < leaves.Length; i++)
        {
            var (_, values, columns, isBlock) = _leaves[i];
            leaves[i] = isBlock ? tape.Input(values, columns, requiresAdjoint: true) : tape.SharedRow(values, requiresAdjoint: true);
        }

        return leaves;
    }
}
