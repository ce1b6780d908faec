using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Continuous;

/// <summary>The operations of a solve with a number of steps, made once, so that a solve makes no object.</summary>
internal sealed class StepPlan<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RecomputedStep<T>[] _toNoise;
    private readonly RecomputedStep<T>[] _toData;
    private readonly AdjointSolve<T> _allToNoise;
    private readonly AdjointSolve<T> _allToData;

    public StepPlan(ContinuousTransform<T> transform, RungeKutta method, int steps, bool dataFirst)
    {
        Steps = steps;
        var (data, noise) = dataFirst ? (0.0, 1.0) : (1.0, 0.0);
        (_toNoise, _toData) = (Cut(transform, steps, data, noise), Cut(transform, steps, noise, data));
        _allToNoise = new AdjointSolve<T>(transform, method, steps, data, noise);
        _allToData = new AdjointSolve<T>(transform, method, steps, noise, data);
    }

    public int Steps { get; }

    public ReadOnlySpan<RecomputedStep<T>> StepsOf(bool toNoise) => toNoise ? _toNoise : _toData;

    public Operation<T> Whole(bool toNoise) => toNoise ? _allToNoise : _allToData;

    private static RecomputedStep<T>[] Cut(ContinuousTransform<T> transform, int steps, double from, double to)
    {
        var all = new RecomputedStep<T>[steps];
        for (var i = 0; i < steps; i++)
            all[i] = new RecomputedStep<T>(transform, from + (i * (to - from) / steps), (to - from) / steps);
        return all;
    }
}
