using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Factorizable;

/// <summary>The residual of a block, in one direction.</summary>
internal sealed class ResidualMap<T>(FactorizableFlow<T> model, bool inverse) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => model.Features;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars) =>
        model.MapResidual(x, conditions, inverse, out scalars);
}
