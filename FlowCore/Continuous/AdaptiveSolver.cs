using FlowCore.Autodiff;
using FlowCore.Transforms;

namespace FlowCore.Continuous;

/// <summary>Solves with the method of Dormand and Prince and steps that each row chooses for itself.</summary>
/// <remarks>
/// Hairer, Nørsett and Wanner 1993, "Solving Ordinary Differential Equations I", sections II.4 and IV.2 of the second volume: the error √mean((e / (atol + rtol max|y|))²) of a step of order 5
/// by that of order 4, the last slope is the next first, and h ← h clamp(0.9 err^(−0.7/5) err_prev^(0.4/5), 0.2, 10). All rows of a block step at once, each with its own time and step; those
/// at the end stand still, so a row's numbers are its own.
/// </remarks>
internal static class AdaptiveSolver
{
    private const int BlockRows = 256;
    private const double Order = 5;

    /// <summary>ln q of rows.</summary>
    public static AdaptiveResult LogDensity(ContinuousFlow<double> flow, double[] x, double[] conditions, AdaptiveOptions options)
    {
        options.Check();
        var (count, columns) = (x.Length / flow.Features, flow.Paths.Features);
        var shared = conditions.Length == flow.ContextFeatures;
        if (!shared && conditions.Length != (long)count * flow.ContextFeatures)
            throw new ArgumentException($"Expected {count} rows, or one for all, of {flow.ContextFeatures} numbers, got {conditions.Length} numbers.", nameof(conditions));
        var result = (LogDensity: new double[count], Noise: new double[count * columns], Steps: new int[count], Rejected: new int[count]);
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, BlockRows);
        for (var first = 0; first < count; first += BlockRows)
        {
            var rows = Math.Min(BlockRows, count - first);
            var own = shared || flow.ContextFeatures == 0 ? conditions : conditions.AsSpan(first * flow.ContextFeatures, rows * flow.ContextFeatures).ToArray();
            var block = new Block(flow, tape, rows, first, own, shared, options);
            block.Solve(x.AsSpan(first * flow.Features, rows * flow.Features));
            block.Finish(result.LogDensity.AsSpan(first, rows), result.Noise.AsSpan(first * columns, rows * columns));
            block.Steps.CopyTo(result.Steps, first);
            block.Rejected.CopyTo(result.Rejected, first);
        }

        return new AdaptiveResult(result.LogDensity, result.Noise, result.Steps, result.Rejected);
    }

    private sealed class Block(ContinuousFlow<double> flow, Tape<double> tape, int rows, int firstRow, double[] conditions, bool shared, AdaptiveOptions options)
    {
        private readonly int _columns = flow.Paths.Features + 1;
        private readonly double[] _before = new double[rows];
        private double[] _state = [];
        private double[] _slope = [];

        public int[] Steps { get; } = new int[rows];

        public int[] Rejected { get; } = new int[rows];

        public void Solve(ReadOnlySpan<double> x)
        {
            Start(x);
            var (start, end) = flow.Paths.Settings.DataFirst ? (0.0, 1.0) : (1.0, 0.0);
            var direction = Math.Sign(end - start);
            var (time, step, error) = (new double[rows], new double[rows], new double[rows]);
            Array.Fill(time, start);
            Array.Fill(error, 1);
            _slope = SlopeAt(_state, time);
            for (var row = 0; row < rows; row++)
                step[row] = FirstStep(row);
            var isDone = new bool[rows];
            while (Array.IndexOf(isDone, false) >= 0)
            {
                var signed = new double[rows];
                for (var row = 0; row < rows; row++)
                {
                    step[row] = Math.Min(step[row], Math.Abs(end - time[row]));
                    signed[row] = isDone[row] ? 0 : direction * step[row];
                }

                var (next, slope, deviation) = Step(time, signed);
                for (var row = 0; row < rows; row++)
                {
                    if (isDone[row])
                        continue;
                    var now = Math.Max(Norm(row, next, deviation), 1e-10);
                    if (!double.IsFinite(now))
                        now = double.MaxValue;
                    var factor = Math.Clamp(0.9 * Math.Pow(now, -0.7 / Order) * Math.Pow(error[row], 0.4 / Order), 0.2, 10);
                    if (now <= 1)
                    {
                        next.AsSpan(row * _columns, _columns).CopyTo(_state.AsSpan(row * _columns));
                        slope.AsSpan(row * _columns, _columns).CopyTo(_slope.AsSpan(row * _columns));
                        isDone[row] = step[row] >= Math.Abs(end - time[row]);
                        time[row] += signed[row];
                        error[row] = now;
                        Steps[row]++;
                    }
                    else
                    {
                        // A step is not made longer because it failed.
                        factor = Math.Min(factor, 0.9);
                        Rejected[row]++;
                    }

                    step[row] *= factor;
                    if (Steps[row] + Rejected[row] > options.MostSteps)
                        throw new InvalidOperationException($"Expected row {firstRow + row} to end within {options.MostSteps} steps, got to t = {time[row]:g6}.");
                }
            }
        }

        public void Finish(Span<double> logDensity, Span<double> noise)
        {
            tape.Begin(rows, record: false);
            var state = tape.Input(_state, _columns);
            var z = state.Slice(0, _columns - 1);
            if (flow.Paths.Settings.Space == FlowSpace.Torus)
                z = CircleWrap.Apply(z, -Math.PI, Math.PI);
            tape.ReadValue(flow.NoiseLogDensity(z, Conditions()) + state.Slice(_columns - 1, 1), logDensity);
            for (var row = 0; row < rows; row++)
                logDensity[row] += _before[row];
            tape.ReadValue(z, noise);
        }

        private void Start(ReadOnlySpan<double> x)
        {
            tape.Begin(rows, record: false);
            var entered = ContinuousPaths.Enter(flow, tape, tape.Input(x, flow.Features), Conditions(), out var logDet);
            if (!logDet.IsNone)
                tape.ReadValue(logDet, _before);
            _state = new double[rows * _columns];
            tape.ReadValue(VariableFunctions.Concatenate(entered, tape.Zeros(1)), _state);
        }

        private double[] SlopeAt(double[] state, double[] time)
        {
            tape.Begin(rows, record: false);
            var slope = new double[rows * _columns];
            tape.ReadValue(System().Derivative(tape.Input(state, _columns), tape.Input(time, 1)), slope);
            return slope;
        }

        // The point of order 5, its slope, and the deviation of the one of order 4.
        private (double[] Next, double[] Slope, double[] Deviation) Step(double[] time, double[] step)
        {
            tape.Begin(rows, record: false);
            var (state, t, h) = (tape.Input(_state, _columns), tape.Input(time, 1), tape.Input(step, 1));
            var method = RungeKutta.DormandPrince;
            var system = System();
            var slopes = new Variable<double>[method.Stages + 1];
            slopes[0] = tape.Input(_slope, _columns);
            for (var i = 1; i < method.Stages; i++)
                slopes[i] = system.Derivative(state + (h * Sum(slopes, method.StageWeights(i))), t + (h * method.Node(i)));
            var next = flow.Paths.OnSpace(state + (h * Sum(slopes, method.Weights)));
            slopes[^1] = system.Derivative(next, t + h);
            var result = (Next: new double[rows * _columns], Slope: new double[rows * _columns], Deviation: new double[rows * _columns]);
            tape.ReadValue(next, result.Next);
            tape.ReadValue(slopes[^1], result.Slope);
            tape.ReadValue(h * Sum(slopes, RungeKutta.DormandPrinceError), result.Deviation);
            return result;
        }

        private static Variable<double> Sum(Variable<double>[] slopes, ReadOnlySpan<double> weights)
        {
            var sum = default(Variable<double>);
            for (var i = 0; i < weights.Length; i++)
            {
                if (weights[i] != 0)
                    sum = TangentRules.Sum(sum, slopes[i] * weights[i]);
            }

            return sum;
        }

        private double Norm(int row, double[] next, double[] deviation)
        {
            var sum = 0.0;
            for (var i = row * _columns; i < (row + 1) * _columns; i++)
            {
                var scale = options.AbsoluteTolerance + (options.RelativeTolerance * Math.Max(Math.Abs(_state[i]), Math.Abs(next[i])));
                sum += deviation[i] / scale * (deviation[i] / scale);
            }

            return Math.Sqrt(sum / _columns);
        }

        // A hundredth of the time in which the state would change by itself.
        private double FirstStep(int row)
        {
            var (size, speed) = (0.0, 0.0);
            for (var i = row * _columns; i < (row + 1) * _columns; i++)
                (size, speed) = (size + (_state[i] * _state[i]), speed + (_slope[i] * _slope[i]));
            return speed > 0 ? Math.Clamp(0.01 * Math.Sqrt(Math.Max(size, 1e-4) / speed), 1e-4, 0.1) : 0.1;
        }

        private VelocitySystem<double> System() =>
            new(flow.Paths.Field, flow.Paths.Settings.Space, Transform<double>.Leading(Conditions(), flow.Paths.Field.ConditionColumns), epsilon: default);

        private Variable<double> Conditions() => flow.ContextFeatures == 0 ? default
            : shared ? tape.SharedRow(conditions)
            : tape.Input(conditions, flow.ContextFeatures);
    }
}
