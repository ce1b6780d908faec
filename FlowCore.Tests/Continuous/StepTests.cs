using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Tests.IO;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Continuous;

/// <summary>The number of steps: how it is chosen, that files have it, and what adaptive steps say.</summary>
[TestFixture]
internal sealed class StepTests
{
    [Test]
    public void Chosen_steps_change_no_row_by_more_than_the_tolerance()
    {
        using var flow = Fields.Random<float>(2, 1, new ContinuousSettings());
        var (x, c) = (Fields.Normal(60, 3), Fields.Normal(30, 4));
        var (probe, context) = (Array.ConvertAll(x, value => (float)value), Array.ConvertAll(c, value => (float)value));
        var choice = flow.ChooseSteps(Fields.Rows(probe, 2), 1e-5, context);
        Assert.That(flow.Steps, Is.EqualTo(choice.Steps));
        Assert.That(choice.Change, Is.LessThanOrEqualTo(1e-5));
        Assert.That(choice.Steps, Is.LessThan(64));

        using var exact = flow.ConvertTo<double>();
        Assert.That(exact.Steps, Is.EqualTo(choice.Steps));
        var (wideX, wideC) = (Array.ConvertAll(probe, value => (double)value), Array.ConvertAll(context, value => (double)value));
        var (some, twice) = (new double[30], new double[30]);
        exact.LogDensity(wideX, new Conditions<double>(wideC), some);
        exact.Steps *= 2;
        exact.LogDensity(wideX, new Conditions<double>(wideC), twice);
        Assert.That(some.Zip(twice, (a, b) => Math.Abs(a - b)).Max(), Is.EqualTo(choice.Change).Within(1e-14));

        // Fewer would not do: the candidate before is three quarters or two thirds of it.
        Assert.That(flow.ChooseSteps(Fields.Rows(probe, 2), 1e-9, context).Steps, Is.GreaterThan(choice.Steps));
    }

    [Test]
    public void A_field_that_no_steps_resolve_gets_the_most_and_says_what_they_leave()
    {
        using var flow = Fields.Linear([0, 90, -90, 0.5], [0, 0], new ContinuousSettings());
        var choice = flow.ChooseSteps(Fields.Rows((double[])[1, 1], 2), 1e-4, mostSteps: 8);
        Assert.That(choice.Steps, Is.EqualTo(8));
        Assert.That(choice.Change, Is.GreaterThan(1e-4));
    }

    [Test]
    public void Draws_without_their_density_are_the_draws_with_it([Values] FlowSpace space, [Values] FlowSolver solver, [Values] FlowGradient gradient)
    {
        using var flow = Fields.Random<double>(3, 1, new ContinuousSettings { Space = space, Solver = solver, Gradient = gradient, Steps = 5 });
        var points = flow.Sample(50, seed: 4, (double[])[0.5]).ToArray();
        var (again, logDensity) = flow.SampleWithLogDensity(50, seed: 4, (double[])[0.5]);

        // The network's sums run in the same order with tangents and without; what is rounded otherwise is 20 evaluations of order one.
        Assert.That(points.Zip(again.ToArray(), (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-13));
        var expected = new double[50];
        flow.LogDensity(points, new Conditions<double>([0.5]), expected);
        Assert.That(expected.Zip(logDensity.ToArray(), (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-2));
    }

    [Test]
    public void A_file_has_the_steps_and_the_same_bits([Values] FlowSpace space)
    {
        using var folder = new TemporaryFolder();
        using var flow = Fields.Random<float>(3, 1, new ContinuousSettings { Space = space, Solver = FlowSolver.Classical, Divergence = FlowDivergence.Hutchinson });
        flow.Steps = 7;
        flow.Save(folder.File("flow.safetensors"));
        using var again = ContinuousFlow<float>.Load(folder.File("flow.safetensors"));
        float[] x = [0.6f, 0, 0.8f, 0, 1, 0];
        var (expected, got) = (new float[2], new float[2]);
        flow.LogDensity(x, new Conditions<float>([0.5f]), expected);
        again.LogDensity(x, new Conditions<float>([0.5f]), got);
        Assert.That(again.Steps, Is.EqualTo(7));
        Assert.That(again.Paths.Settings, Is.EqualTo(flow.Paths.Settings with { Steps = 7 }));
        Assert.That(got, Is.EqualTo(expected));
        Assert.That(expected, Has.All.Not.NaN);
    }

    [Test]
    public void A_standardization_stands_in_front()
    {
        using var folder = new TemporaryFolder();
        using var flow = new ContinuousFlow<double>(
            new ContinuousFlowSettings { Features = 2, HiddenSizes = [4], Standardization = new LocationScale([1, 2], [3, 4]) });
        var logDensity = new double[1];

        // A fresh velocity is 0, so x is normal behind the standardisation.
        flow.LogDensity([1, 2], logDensity);
        Assert.That(logDensity[0], Is.EqualTo(-Math.Log(2 * Math.PI) - Math.Log(12)).Within(1e-14));
        Fields.Shake(flow, 2);
        flow.Save(folder.File("flow.safetensors"));
        using var again = ContinuousFlow<double>.Load(folder.File("flow.safetensors"));
        var got = new double[1];
        flow.LogDensity([0.5, 3], logDensity);
        again.LogDensity([0.5, 3], got);
        Assert.That(got, Is.EqualTo(logDensity));
        Assert.That(flow.LogDensityAdaptive(Fields.Rows((double[])[0.5, 3], 2)).LogDensity[0], Is.EqualTo(logDensity[0]).Within(1e-5));
    }

    [Test]
    public void Another_flow_is_refused()
    {
        using var flow = FlowCore.Tests.Flows.Models.Spline<double>(2, 0);
        Assert.That(() => ContinuousFlow<double>.Of(flow), Throws.ArgumentException.With.Message.Contains("ContinuousTransform"));
        Assert.That(() => new ContinuousTransform<double>(new GaussianVelocity(1, 0, 1), new ContinuousSettings { Steps = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ContinuousTransform<double>(new GaussianVelocity(1, 0, 1), new ContinuousSettings { Space = FlowSpace.Sphere }), Throws.ArgumentException);
    }

    [Test]
    public void Adaptive_steps_follow_the_equation_and_a_row_is_its_own([Values] FlowSpace space)
    {
        using var flow = Fields.Random<double>(3, 1, new ContinuousSettings { Steps = 100, Space = space });
        double[] x = [0.6, 0, 0.8, 0, 1, 0, -0.48, 0.64, 0.6, -1, 0, 0];
        double[] c = [0.3, -2, 0.1, 1.5];
        var expected = new double[4];
        flow.LogDensity(x, new Conditions<double>(c), expected);
        var result = flow.LogDensityAdaptive(Fields.Rows(x, 3), c);

        // Errors of 1e-9 a step add up over some dozens.
        Assert.That(result.LogDensity, Is.EqualTo(expected).Within(1e-6));
        var one = flow.LogDensityAdaptive(Fields.Rows(x[6..9], 3), c[2..3]);
        Assert.That(one.LogDensity[0], Is.EqualTo(result.LogDensity[2]));
        Assert.That(one.Steps[0], Is.EqualTo(result.Steps[2]));
        Assert.That(one.Noise, Is.EqualTo(result.Noise.Skip(6).Take(3)));
    }

    [Test]
    public void Adaptive_steps_of_a_linear_field_are_exact_and_few()
    {
        using var flow = Fields.Linear([0.3, 0.9, -0.9, 0.3], [0, 0], new ContinuousSettings());
        var result = flow.LogDensityAdaptive(Fields.Rows((double[])[0.7, -0.4], 2));
        var squares = Math.Exp(-0.6) * ((0.7 * 0.7) + (0.4 * 0.4));
        Assert.That(result.LogDensity[0], Is.EqualTo(-Math.Log(2 * Math.PI) - (0.5 * squares) - 0.6).Within(1e-8));
        Assert.That(result.Steps[0], Is.InRange(5, 60));
    }

    [Test]
    public void A_row_that_never_ends_is_named()
    {
        using var flow = Fields.Linear([0, 500, -500, 0], [0, 0], new ContinuousSettings());
        Assert.That(
            () => flow.LogDensityAdaptive(Fields.Rows((double[])[0, 0, 1, 1], 2), options: new AdaptiveOptions { MostSteps = 50 }),
            Throws.InvalidOperationException.With.Message.Contains("row 1"));
    }
}
