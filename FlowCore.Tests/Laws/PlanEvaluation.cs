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

    // Rows from which a residual leads to numbers that overflow, or vanish, in either direction.
    private void MoveToZero(int features)
    {
        const double Largest = 30;
        var (forward, inverse) = (Map.Apply(false, X, Conditions).LogDet, Map.Apply(true, X, Conditions).LogDet);
        for (var row = 0; row < TransformPlan.Rows; row++)
        {
            if (!(Math.Abs(forward[row]) < Largest && Math.Abs(inverse[row]) < Largest))
                X.AsSpan(row * features, features).Clear();
        }
    }
}
