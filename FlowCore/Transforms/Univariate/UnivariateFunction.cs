using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>τ with its parameters, as a function of x alone.</summary>
internal readonly struct UnivariateFunction<T>(Univariate<T> univariate, RawParameters<T> raw) : IMonotoneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Axis Domain => univariate.Domain;

    public Variable<T> Evaluate(Variable<T> x, out Variable<T> logSlope) => univariate.Forward(x, raw, out logSlope);
}
