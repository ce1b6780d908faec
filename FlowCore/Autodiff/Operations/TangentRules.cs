using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>What the rules of several operations for forward tangents share.</summary>
internal static class TangentRules
{
    /// <summary>The sum of two tangents, either of which may be zero.</summary>
    internal static Variable<T> Sum<T>(Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a.IsNone ? b : b.IsNone ? a : a + b;
}
