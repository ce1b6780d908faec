using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Softmax and softplus with minima, with any ends and tails.</summary>
internal readonly struct SoftmaxSpline : ISplineKind
{
    public static bool IsPlain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool IsSoftmax
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }
}
