using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Inference;

/// <summary>A target that a function records.</summary>
internal sealed class FunctionTarget<T>(int features, Func<Variable<T>, Variable<T>, Variable<T>> logDensity) : ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Features => features;

    public Variable<T> LogDensity(Tape<T> tape, Variable<T> x, Variable<T> conditions) => logDensity(x, conditions);
}
