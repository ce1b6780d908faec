using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Inference;

/// <summary>A functional that a function records.</summary>
internal sealed class FunctionFunctional<T>(int columns, RowFunction<T> function) : IRowFunctional<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => columns;

    public Variable<T> Evaluate(in TapeSample<T> sample) => function(sample);
}
