using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Monotone;

/// <summary>How many evaluations of a map the search for its inverse takes.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class RootSearchTests
{
    private const int Most = 15;
    private const int Points = 400;

    private static readonly IReadOnlyList<(string Name, Univariate<double> Map, double Reach)> _maps =
    [
        ("gaussianization", new Gaussianization<double>(8), 1),
        ("gaussianization, squeezed", new Gaussianization<double>(8, 1e-6), 1),
        ("sum of squares", new SumOfSquares<double>(3, 4), 1),
        ("monotone network", new MonotoneNetwork<double>(1, "t", initialization: new RandomStream(3)), 1),
        ("integrated network", new IntegratedNetwork<double>(1, "t", initialization: new RandomStream(4)), 1),
    ];

    private static IEnumerable<string> Names => _maps.Select(map => map.Name);

    // Two of the evaluations differentiate what was found.
    [TestCaseSource(nameof(Names))]
    public void A_number_is_solved_for_in_few_evaluations(string name)
    {
        var (_, map, reach) = _maps.First(entry => entry.Name == name);
        using var device = new BorrowedDevice(map);
        var stream = new RandomStream(11);
        var numbers = new double[Points * (map.ParametersPerFeature + 1)];
        stream.FillNormal<double>(numbers);
        var (most, sum, count) = (0, 0, new int[1]);
        for (var i = 0; i < Points; i++)
        {
            var own = numbers.AsSpan(i * (map.ParametersPerFeature + 1), map.ParametersPerFeature + 1);
            var raw = own[1..].ToArray();
            for (var k = 0; k < raw.Length; k++)
                raw[k] *= reach;
            count[0] = 0;
            var residual = device.Solve(own[0], raw, count);
            Assert.That(Math.Abs(residual), Is.LessThan(1e-12), $"{name}, point {i}");
            most = Math.Max(most, count[0]);
            sum += count[0];
        }

        TestContext.Out.WriteLine($"{name}: {(double)sum / Points:f1} on average, {most} at most");
        Assert.That(most, Is.LessThanOrEqualTo(Most));
    }

    private sealed class BorrowedDevice : IDisposable
    {
        private readonly Univariate<double> _map;
        private readonly ParameterStore<double> _store;
        private readonly Kernels<double> _kernels = Device.Cpu.CreateKernels<double>();
        private readonly Tape<double> _tape;

        public BorrowedDevice(Univariate<double> map)
        {
            _map = map;
            _store = new ParameterStore<double>(Device.Cpu, map.Parameters);
            _tape = new Tape<double>(_kernels);
        }

        public double Solve(double z, double[] raw, int[] count)
        {
            _tape.Begin(1, record: false);
            var parameters = new RawParameters<double>(new ParameterColumns<double>([0], [0], _map.ParametersPerFeature), _tape.SharedRow(raw));
            var target = _tape.Input([z], 1);
            var (lower, upper, guess) = (_tape.Fill(1, double.NegativeInfinity), _tape.Fill(1, double.PositiveInfinity), _tape.Fill(1, z));
            _map.Bracket(target, parameters, lower, upper, guess);
            var function = new UnivariateFunction<double>(_map, parameters);
            var x = MonotoneSolver<double>.Solve(new CountingFunction<double>(function, count), target, lower, upper, guess, out _);
            var value = new double[1];
            _tape.ReadValue(function.Evaluate(x, out _), value);
            return value[0] - z;
        }

        public void Dispose()
        {
            _tape.Dispose();
            _kernels.Dispose();
            _store.Dispose();
        }
    }
}
