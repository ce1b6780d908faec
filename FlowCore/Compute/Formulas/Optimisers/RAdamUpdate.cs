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
internal readonly struct RAdamUpdate<V, T> : IOptimiserUpdate<V>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A number, as accelerators take no booleans in the arguments of a kernel.
    private readonly int _rectified;
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
        _rectified = length > 5 ? 1 : 0;
        var factor = step.LearningRate / (1 - Math.Pow(step.Momentum, step.Step));
        if (_rectified != 0)
            factor *= Math.Sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length) * (1 - power));
        _minusStepSize = Constant<V, T>.Of(-factor);
    }

    public static bool HasSecondMoment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref V parameter, V gradient, ref V first, ref V second)
    {
        var g = V.FusedMultiplyAdd(_weightDecay, parameter, gradient * _gradientScale);
        first = V.FusedMultiplyAdd(g - first, _oneMinusFirst, first);
        second = V.FusedMultiplyAdd(g * g, _oneMinusSecond, second * _second);
        var direction = _rectified != 0 ? first / (V.Sqrt(second) + _epsilon) : first;
        parameter = V.FusedMultiplyAdd(_minusStepSize, direction, parameter);
    }
}
