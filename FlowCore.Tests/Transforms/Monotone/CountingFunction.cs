using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Transforms;

namespace FlowCore.Tests.Transforms.Monotone;

/// <summary>A function that counts how often it is evaluated.</summary>
internal readonly struct CountingFunction<T>(UnivariateFunction<T> inner, int[] count) : IMonotoneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Axis Domain => inner.Domain;

    public Variable<T> Evaluate(Variable<T> x, out Variable<T> logSlope)
    {
        count[0]++;
        return inner.Evaluate(x, out logSlope);
    }
}
