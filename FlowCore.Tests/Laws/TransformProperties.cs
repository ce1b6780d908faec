using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Tests.IO;
using FlowCore.Transforms;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>Laws of random compositions of everything in the list; a case that fails is shrunk and printed.</summary>
[TestFixture]
internal sealed class TransformProperties
{
    // Roundings of 1e-16 that up to four parts stretch, each by up to some hundreds where inputs are large.
    private const double Tolerance = 1e-9;

    [Test]
    public void Inverses_undo_compositions_in_both_orders() => Check(300, evaluation => Directions(evaluation, (direction, map) => direction.Returns(map, Tolerance)));

    [Test]
    public void Log_determinants_of_both_directions_cancel() => Check(300, evaluation => Directions(evaluation, (direction, map) => direction.Cancels(map, Tolerance)));

    [Test]
    public void Log_determinants_are_those_of_the_tape_s_jacobian() => Check(300, evaluation => Directions(evaluation, (direction, _) => direction.HasDeterminant(Tolerance)));

    [Test]
    public void Rows_do_not_depend_on_their_neighbours() => Check(300, evaluation =>
    [
        RowIndependence.Check(evaluation.Map, "forward", false, evaluation.X, evaluation.Conditions, TransformPlan.Rows),
        RowIndependence.Check(evaluation.Map, "inverse", true, evaluation.X, evaluation.Conditions, TransformPlan.Rows),
    ]);

    [Test]
    public void Compositions_come_back_from_files_with_the_same_bits() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(120),
        Prop.ForAll(TransformPlans.Plans(), plan =>
        {
            using var folder = new TemporaryFolder();
            using var flow = new Flow<double>(new StandardNormal<double>(plan.Features), plan.Make());
            flow.Save(folder.File("flow.safetensors"));
            using var back = Flow<double>.Load(folder.File("flow.safetensors"));
            var conditions = plan.C(flow.ConditionColumns);
            var (z, logDet) = (new double[TransformPlan.Rows * plan.Features], new double[TransformPlan.Rows]);
            var (other, otherLogDet) = (new double[z.Length], new double[logDet.Length]);
            flow.ToNoise(plan.X(), conditions, z, logDet);
            back.ToNoise(plan.X(), conditions, other, otherLogDet);
            return other.AsSpan().SequenceEqual(z) && otherLogDet.AsSpan().SequenceEqual(logDet);
        }));

    [Test]
    public void Shrinking_leads_to_short_plans_of_few_features()
    {
        // Whatever contains this spline and two features "fails": the smallest such plan must be found.
        var plans = TransformPlans.Plans();
        var failing = plans.Generator.Sample(200, 2000).First(plan => Fails(plan) && plan.Parts.Length > 2);
        var smaller = true;
        while (smaller)
        {
            var next = plans.Shrinker(failing).FirstOrDefault(Fails);
            smaller = next is not null;
            failing = next ?? failing;
        }

        Assert.That((failing.Features, failing.Conditions, failing.Parts.Length, failing.Seed), Is.EqualTo((2, 0, 1, 0)));
        Assert.That(failing.Inputs, Is.All.Zero);
        Assert.That(failing.ToString(), Does.Match(@"^D=2, C=0, seed 0, parts \[[^|]*spline[^|]*\], inputs \[0\]$"));

        static bool Fails(TransformPlan plan) => plan.Features >= 2 && plan.ToString().Contains("elementwise spline", StringComparison.Ordinal);
    }

    private static LawResult[] Directions(PlanEvaluation evaluation, Func<DirectionOfTransform, TransformEvaluation<double>, LawResult> law) =>
    [
        law(new DirectionOfTransform(evaluation.Map, false, evaluation.X, evaluation.Conditions, TransformPlan.Rows), evaluation.Map),
        law(new DirectionOfTransform(evaluation.Map, true, evaluation.X, evaluation.Conditions, TransformPlan.Rows), evaluation.Map),
    ];

    private static void Check(int cases, Func<PlanEvaluation, LawResult[]> laws) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(cases),
        Prop.ForAll(TransformPlans.Plans(), plan =>
        {
            using var evaluation = new PlanEvaluation(plan);
            var failed = laws(evaluation).Where(law => !law.Holds).ToArray();
            return (failed.Length == 0).Label(string.Join("; ", failed.Select(law => law.ToString())));
        }));
}
