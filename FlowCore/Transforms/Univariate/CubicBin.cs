using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>The cubic of one bin of a <see cref="CubicSpline{T}"/>, on [0, 1]: q (q² + α (1 − q)² + (3 − β) q (1 − q)), with slopes α at 0 and β at 1.</summary>
internal readonly struct CubicBin<T>(Variable<T> alpha, Variable<T> beta) : IMonotoneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Axis Domain => Axis.Interval(0, 1);

    public Variable<T> Evaluate(Variable<T> x, out Variable<T> logSlope)
    {
        var rest = T.One - x;
        var (lower, middle, upper) = (rest.Square(), x * rest, x.Square());
        var three = T.CreateTruncating(3);
        logSlope = ((alpha * lower) + ((three - alpha - beta) * middle * T.CreateTruncating(2)) + (beta * upper)).Log();
        return x * (upper + (alpha * lower) + ((three - beta) * middle));
    }
}
