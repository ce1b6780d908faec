using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// Adam with the rectified rate: while the variance of the adaptive rate is unknown (ρₜ ≤ 5) θ ← θ − η m̂, then
/// θ ← θ − η m̂ r √(1 − β₂ᵗ) / (√v + ε) with m̂ = m / (1 − β₁ᵗ).
/// </summary>
/// <remarks>
/// Liu et al. 2019, algorithm 2, in PyTorch's form: ρ∞ = 2/(1 − β₂) − 1, ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ),
/// r² = (ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ). Weight decay is added to the gradient.
/// </remarks>
internal readonly unsafe struct RAdamUpdate<V, T> : IOptimiserUpdate<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _rectified;
    private readonly V _gradientScale;
    private readonly V _weightDecay;
    private readonly V _oneMinusFirst;
    private readonly V _second;
    private readonly V _oneMinusSecond;
    private readonly V _epsilon;
    private readonly V _minusStepSize;

    public RAdamUpdate(in OptimiserStep step)
    {
        _gradientScale = Constant<V, T>.Of(step.GradientScale);
        _weightDecay = Constant<V, T>.Of(step.WeightDecay);
        _oneMinusFirst = Constant<V, T>.Of(1 - step.Momentum);
        _second = Constant<V, T>.Of(step.SecondMomentum);
        _oneMinusSecond = Constant<V, T>.Of(1 - step.SecondMomentum);
        _epsilon = Constant<V, T>.Of(step.Epsilon);

        var power = Math.Pow(step.SecondMomentum, step.Step);
        var limit = (2 / (1 - step.SecondMomentum)) - 1;
        var length = limit - (2 * step.Step * power / (1 - power));
        _rectified = length > 5;
        var factor = step.LearningRate / (1 - Math.Pow(step.Momentum, step.Step));
        if (_rectified)
            factor *= Math.Sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length) * (1 - power));
        _minusStepSize = Constant<V, T>.Of(-factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<A>(T* parameter, T* gradient, T* first, T* second, int count)
        where A : struct, IAccess<V, T>
    {
        var theta = A.Load(parameter, count);
        var g = V.FusedMultiplyAdd(_weightDecay, theta, A.Load(gradient, count) * _gradientScale);
        var m = A.Load(first, count);
        m = V.FusedMultiplyAdd(g - m, _oneMinusFirst, m);
        var v = V.FusedMultiplyAdd(g * g, _oneMinusSecond, A.Load(second, count) * _second);
        A.Store(m, first, count);
        A.Store(v, second, count);
        var direction = _rectified ? m / (V.Sqrt(v) + _epsilon) : m;
        A.Store(V.FusedMultiplyAdd(_minusStepSize, direction, theta), parameter, count);
    }
}
