using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Stochastic gradient descent with momentum: b ← μ b + g, θ ← θ − η b, where the first step sets b = g.</summary>
/// <remarks>Sutskever et al. 2013 in PyTorch's form (the rate outside the momentum, no dampening); weight decay is added to g.</remarks>
internal readonly struct SgdUpdate<V, T> : IOptimiserUpdate<V>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly V _gradientScale;
    private readonly V _weightDecay;
    private readonly V _momentum;
    private readonly V _minusRate;

    public SgdUpdate(in OptimiserStep step)
    {
        _gradientScale = Constant<V, T>.Of(step.GradientScale);
        _weightDecay = Constant<V, T>.Of(step.WeightDecay);

        // The buffer is not read before it is set: with a factor of 0 the first step needs no loop of its own.
        _momentum = Constant<V, T>.Of(step.Step == 1 ? 0 : step.Momentum);
        _minusRate = Constant<V, T>.Of(-step.LearningRate);
    }

    public static bool HasSecondMoment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref V parameter, V gradient, ref V first, ref V second)
    {
        var g = V.FusedMultiplyAdd(_weightDecay, parameter, gradient * _gradientScale);
        first = V.FusedMultiplyAdd(_momentum, first, g);
        parameter = V.FusedMultiplyAdd(_minusRate, first, parameter);
    }
}
