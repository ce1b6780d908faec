using FsCheck;
using FsCheck.Fluent;

namespace FlowCore.Tests.Laws;

/// <summary>Random plans, and smaller ones of a plan that fails: fewer parts, fewer features, no conditions, seed 0, simple inputs.</summary>
internal static class TransformPlans
{
    // Zero, the ends of the splines and next to them, tiny and large: where formulas change.
    private static readonly double[] _edges = [0, 1e-300, 1e-12, 1e-3, 1, 2.9999999, 3, 3.0000001, 5, 20, 100];

    public static Arbitrary<TransformPlan> Plans() => Arb.From(Generate(), Shrink);

    private static Gen<TransformPlan> Generate()
    {
        var number = Gen.Frequency(
            (3, Gen.Choose(-40_000, 40_000).Select(i => i / 10_000.0)),
            (1, from edge in Gen.Elements(_edges)
                from sign in Gen.Elements(-1.0, 1.0)
                select sign * edge));
        return from features in Gen.Choose(1, 4)
               from conditions in Gen.Elements(0, 2)
               from depth in Gen.Choose(1, 4)
               from parts in Gen.Choose(0, TransformPlan.Entries.Count - 1).ArrayOf(depth)
               from seed in Gen.Choose(0, 1_000_000)
               from inputs in number.ArrayOf(7)
               select new TransformPlan(features, conditions, parts, seed, inputs);
    }

    private static IEnumerable<TransformPlan> Shrink(TransformPlan plan)
    {
        // The larger cuts first: half of the parts, then each part.
        if (plan.Parts.Length > 1)
        {
            yield return plan with { Parts = plan.Parts[..(plan.Parts.Length / 2)] };
            yield return plan with { Parts = plan.Parts[(plan.Parts.Length / 2)..] };
            for (var i = 0; i < plan.Parts.Length; i++)
                yield return plan with { Parts = [.. plan.Parts.Where((_, place) => place != i)] };
        }

        if (plan.Features > 1)
            yield return plan with { Features = plan.Features - 1 };
        if (plan.Conditions > 0)
            yield return plan with { Conditions = 0 };
        if (plan.Seed > 0)
            yield return plan with { Seed = plan.Seed / 2 };
        if (plan.Inputs.Length > 1)
        {
            yield return plan with { Inputs = plan.Inputs[..(plan.Inputs.Length / 2)] };
            yield return plan with { Inputs = plan.Inputs[(plan.Inputs.Length / 2)..] };
        }

        for (var i = 0; i < plan.Inputs.Length; i++)
        {
            // −0 is a number of its own.
            if (plan.Inputs[i] != 0 || double.IsNegative(plan.Inputs[i]))
                yield return plan with { Inputs = [.. plan.Inputs.Select((x, place) => place == i ? 0 : x)] };
            if (Math.Abs(plan.Inputs[i]) > 1 && plan.Inputs[i] != Math.Round(plan.Inputs[i]))
                yield return plan with { Inputs = [.. plan.Inputs.Select((x, place) => place == i ? Math.Round(x) : x)] };
        }
    }
}
