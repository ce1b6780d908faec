using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε).
/// </summary>
/// <remarks>
/// Kingma and Ba 2014, algorithm 1. Weight decay λ is added to the gradient (g + λθ), or decoupled (θ ← θ (1 − ηλ)
/// first; Loshchilov and Hutter 2017, algorithm 2).
/// </remarks>
internal readonly struct AdamUpdate<V, T> : IOptimiserUpdate<V>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly V _gradientScale;
    private readonly V _keep;
    private readonly V _coupledDecay;
    private readonly V _oneMinusFirst;
    private readonly V _second;
    private readonly V _oneMinusSecond;
    private readonly V _rootCorrection;
    private readonly V _epsilon;
    private readonly V _minusStepSize;

    public AdamUpdate(in OptimiserStep step)
    {
        var decoupled = step.Rule == OptimiserRule.AdamW;
        _gradientScale = Constant<V, T>.Of(step.GradientScale);
        _keep = Constant<V, T>.Of(decoupled ? 1 - (step.LearningRate * step.WeightDecay) : 1);
        _coupledDecay = Constant<V, T>.Of(decoupled ? 0 : step.WeightDecay);
        _oneMinusFirst = Constant<V, T>.Of(1 - step.Momentum);
        _second = Constant<V, T>.Of(step.SecondMomentum);
        _oneMinusSecond = Constant<V, T>.Of(1 - step.SecondMomentum);
        _rootCorrection = Constant<V, T>.Of(Math.Sqrt(1 - Math.Pow(step.SecondMomentum, step.Step)));
        _epsilon = Constant<V, T>.Of(step.Epsilon);
        _minusStepSize = Constant<V, T>.Of(-step.LearningRate / (1 - Math.Pow(step.Momentum, step.Step)));
    }

    public static bool HasSecondMoment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref V parameter, V gradient, ref V first, ref V second)
    {
        var theta = parameter * _keep;
        var g = V.FusedMultiplyAdd(_coupledDecay, theta, gradient * _gradientScale);
        first = V.FusedMultiplyAdd(g - first, _oneMinusFirst, first);
        second = V.FusedMultiplyAdd(g * g, _oneMinusSecond, second * _second);
        var denominator = (V.Sqrt(second) / _rootCorrection) + _epsilon;
        parameter = V.FusedMultiplyAdd(_minusStepSize, first / denominator, theta);
    }
}
