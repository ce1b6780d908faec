namespace FlowCore.Compute;

/// <summary>What is decided about a spline when its kernel is compiled; the rest are numbers in <see cref="SplineConstants{T}"/>.</summary>
internal interface ISplineKind
{
    /// <summary>Whether it is the spline of limited numbers that is the identity outside: the common case, with nothing to ask in its loops.</summary>
    static abstract bool IsPlain { get; }

    /// <summary>Whether sizes and slopes come of softmax and softplus (<see cref="SplineParametrization.Softmax"/>).</summary>
    static abstract bool IsSoftmax { get; }
}
