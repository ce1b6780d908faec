using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>The composition of a plan on a tape, and its rows.</summary>
internal sealed class PlanEvaluation : IDisposable
{
    private readonly ParameterStore<double> _store;

    public PlanEvaluation(TransformPlan plan)
    {
        var transform = plan.Make();
        _store = new ParameterStore<double>(Device.Cpu, transform.Parameters);
        Map = new TransformEvaluation<double>(transform, Device.Cpu, TransformPlan.Rows);
        X = plan.X();
        Conditions = plan.C(transform.ConditionColumns);
        if (plan.HasResidual)
            MoveToZero(plan.Features);
    }

    public TransformEvaluation<double> Map { get; }

    public double[] X { get; }

    public double[] Conditions { get; }

    public void Dispose()
    {
        Map.Dispose();
        _store.Dispose();
    }

    // Rows from which a residual leads to numbers that overflow, or vanish, in either direction. Its scales are exponentials of what
    // networks without a limit make of x, one feature's may vanish while another's overflows, and ℓ has only their sum.
    private void MoveToZero(int features)
    {
        const double LargestLogDet = 30;
        const double LargestInput = 10;
        const double LargestOutput = 1e6;
        var (there, back) = (Map.Apply(false, X, Conditions), Map.Apply(true, X, Conditions));
        for (var row = 0; row < TransformPlan.Rows; row++)
        {
            var start = row * features;
            var isModest = Math.Abs(there.LogDet[row]) < LargestLogDet && Math.Abs(back.LogDet[row]) < LargestLogDet;
            for (var i = start; i < start + features; i++)
                isModest &= Math.Abs(X[i]) < LargestInput && Math.Abs(there.Values[i]) < LargestOutput && Math.Abs(back.Values[i]) < LargestOutput;
            if (!isModest)
                X.AsSpan(start, features).Clear();
        }
    }
}
