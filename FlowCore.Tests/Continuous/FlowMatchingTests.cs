using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Continuous;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Continuous;

/// <summary>Training by flow matching and by maximum likelihood.</summary>
[TestFixture]
internal sealed class FlowMatchingTests
{
    [Test]
    public void Flow_matching_learns_a_normal_density_and_its_loss_stays_at_half_a_turn_of_its_width()
    {
        const double S = 0.5;
        using var flow = new ContinuousFlow<float>(new ContinuousFlowSettings { Features = 1, HiddenSizes = [32, 32], Seed = 1 });
        var x = Array.ConvertAll(Fields.Normal(8192, 5), value => (float)((S * value) + 0.7));
        var result = flow.Fit(x, options: Options(60));
        Assert.That(result.BestValidationLoss, Is.EqualTo(S * Math.PI / 2).Within(0.15));
        flow.ChooseSteps(x.AsSpan(0, 100).ToArray());
        float[] points = [-0.2f, 0.7f, 1.5f];
        var logDensity = new float[3];
        flow.LogDensity(points, logDensity);
        for (var i = 0; i < 3; i++)
        {
            var expected = -(0.5 * Math.Pow((points[i] - 0.7) / S, 2)) - Math.Log(S * Math.Sqrt(2 * Math.PI));

            // What some hundred steps of a small network leave.
            Assert.That(logDensity[i], Is.EqualTo(expected).Within(0.15));
        }
    }

    [Test]
    public void Maximum_likelihood_learns_it_too([Values] FlowDivergence divergence)
    {
        using var flow = new ContinuousFlow<float>(
            new ContinuousFlowSettings { Features = 2, HiddenSizes = [16], Solve = new ContinuousSettings { Steps = 4, Solver = FlowSolver.Classical, Divergence = divergence } });
        var x = Array.ConvertAll(Fields.Normal(4096, 5), value => (float)(0.5 * value));
        var start = flow.Loss(Fields.Rows(x, 2));
        flow.Fit(new ArrayData<float>(x, 2), Options(6) with { BatchSize = 256, Optimiser = OptimiserSettings.Adam(2e-2) }, objective: new ContinuousLikelihood<float>());

        // From a standard normal density to one of half its width: H = ln 2πe + 2 ln ½ = 1.4516, start ln 2π + ¼.
        Assert.That(start, Is.EqualTo(2.088).Within(0.03));
        Assert.That(flow.Loss(Fields.Rows(x, 2)), Is.EqualTo(1.4516).Within(0.06));
    }

    [Test]
    public void A_seed_gives_the_same_bits_for_any_number_of_threads_and_blocks()
    {
        var bits = new List<float[]>();
        foreach (var threads in (int[])[1, 3])
        {
            using var device = new CpuDevice(threads);
            using var flow = Fields.Random<float>(2, 0, new ContinuousSettings(), device: device);
            var x = Array.ConvertAll(Fields.Normal(2 * 1500, 5), value => (float)value);
            flow.Fit(Fields.Rows(x, 2), options: Options(2) with { BatchSize = 700 }, matching: new FlowMatchingOptions { OptimalTransport = true });
            var weights = new float[flow.Parameters.Parameters[2].Length];
            flow.Parameters.Parameters[2].Read(weights);
            bits.Add(weights);
        }

        Assert.That(bits[1], Is.EqualTo(bits[0]));
    }

    [Test]
    public void A_row_draws_its_own_noise_and_time_wherever_its_block_begins()
    {
        using var flow = Fields.Random<double>(2, 0, new ContinuousSettings());
        var x = Fields.Normal(2 * 96, 8);
        var objective = new FlowMatching<double>(new FlowMatchingOptions { OptimalTransport = true });
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, 96);
        var (all, part) = (new double[96], new double[32]);
        tape.Begin(96, record: false);
        tape.ReadValue(objective.RowLoss(flow, tape.Input(x, 2), default, new RandomStream(4), 0), all);
        tape.Begin(32, record: false);
        tape.ReadValue(objective.RowLoss(flow, tape.Input(x.AsSpan(128, 64), 2), default, new RandomStream(4), 64), part);
        Assert.That(part, Is.EqualTo(all[64..]));
        Assert.That(all.Distinct().Count(), Is.EqualTo(96));
    }

    [Test]
    public void The_gradient_of_the_loss_is_that_of_differences([Values] FlowSpace space, [Values] bool dataFirst)
    {
        using var flow = Fields.Random<double>(3, 0, new ContinuousSettings { Space = space, DataFirst = dataFirst }, width: 4);
        double[] x = [0.6, 0, 0.8, 0, 1, 0];
        var check = new GradientCheck(2).Parameters(flow.Parameters);
        var deviation = check.Run((tape, _) => new FlowMatching<double>().RowLoss(flow, tape.Input(x, 3), default, new RandomStream(1), 0));
        Assert.That(deviation.Relative, Is.LessThan(1e-8), deviation.ToString());
    }

    [Test]
    public void Great_circles_lead_from_the_noise_to_the_data_at_a_constant_speed()
    {
        // A field that is 0 has as its loss the square of the speed: the angle between noise and data, whose square has the mean π²/2 − 2 where both are uniform.
        const int Rows = 20_000;
        using var flow = Fields.Linear(new double[9], new double[3], new ContinuousSettings { Space = FlowSpace.Sphere });
        var x = new double[3 * Rows];
        for (var row = 0; row < Rows; row++)
            x[(3 * row) + 2] = 1;
        var loss = flow.Loss(Fields.Rows(x, 3), objective: new FlowMatching<double>());
        Assert.That(loss, Is.EqualTo((Math.PI * Math.PI / 2) - 2).Within(4.5 * 2.6 / Math.Sqrt(Rows)));
    }

    [Test]
    public void On_the_torus_the_shorter_way_round_is_taken()
    {
        // The difference is uniform in a turn: its square has the mean π²/3.
        const int Rows = 20_000;
        using var flow = Fields.Linear(new double[2], new double[1], new ContinuousSettings { Space = FlowSpace.Torus });
        var x = new double[Rows];
        Array.Fill(x, 3);
        Assert.That(flow.Loss(x, objective: new FlowMatching<double>()), Is.EqualTo(Math.PI * Math.PI / 3).Within(4.5 * 2.95 / Math.Sqrt(Rows)));
    }

    [Test]
    public void Paired_noise_is_the_nearest_in_sum()
    {
        // All orders of six rows.
        var (x, z) = (Fields.Normal(12, 1), Fields.Normal(12, 2));
        var costs = new double[36];
        for (var i = 0; i < 36; i++)
            costs[i] = Math.Pow(x[i / 6 * 2] - z[i % 6 * 2], 2) + Math.Pow(x[(i / 6 * 2) + 1] - z[(i % 6 * 2) + 1], 2);
        var columns = new int[6];
        MinibatchPairing<double>.Assign(costs, 6, columns);
        Assert.That(columns.Order(), Is.EqualTo(Enumerable.Range(0, 6)));
        Assert.That(columns.Select((column, row) => costs[(6 * row) + column]).Sum(), Is.EqualTo(Orders(6).Min(order => order.Select((column, row) => costs[(6 * row) + column]).Sum())).Within(1e-12));
    }

    [Test]
    public void Pairing_is_refused_where_there_are_conditions()
    {
        using var flow = Fields.Random<double>(2, 1, new ContinuousSettings());
        Assert.That(
            () => flow.Loss(Fields.Rows(new double[2], 2), new double[1], objective: new FlowMatching<double>(new FlowMatchingOptions { OptimalTransport = true })),
            Throws.ArgumentException.With.Message.Contains("without conditions"));
    }

    private static TrainingOptions Options(int epochs) => new()
    {
        Epochs = epochs,
        BatchSize = 512,
        Seed = 3,
        Warn = null,
        EarlyStopping = null,
        Optimiser = OptimiserSettings.Adam(1e-2),
        WeightAveraging = 0.95,
    };

    private static IEnumerable<int[]> Orders(int n)
    {
        if (n == 0)
            return [[]];
        return Orders(n - 1).SelectMany(order => Enumerable.Range(0, n).Select(place => (int[])[.. order[..place], n - 1, .. order[place..]]));
    }
}
