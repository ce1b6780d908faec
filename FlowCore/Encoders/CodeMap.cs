using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Networks;

namespace FlowCore.Encoders;

/// <summary>The codes of observations, which stand as the conditions; what stands in x is not looked at.</summary>
internal sealed class CodeMap<T>(Network<T> encoder) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => encoder.Outputs;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        scalars = default;
        return encoder.ApplyCore(tape, tape.AsBlock(conditions));
    }
}
