using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>n_z of the parts U = (1 − n_z)/2 and V = (1 + n_z)/2.</summary>
internal static class SphereHeight<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of the smaller of both.</summary>
    public static Variable<T> Of(Variable<T> u, Variable<T> v) => u.Less(v).Where(T.One - (u + u), (v + v) - T.One);
}
