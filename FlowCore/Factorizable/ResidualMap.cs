using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Factorizable;

/// <summary>The residual of a block, in one direction.</summary>
internal sealed class ResidualMap<T>(PolynomialResidual<T> residual, bool inverse) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => residual.Features;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances, out Variable<T> scalars) =>
        inverse
            ? residual.Inverse(tape, x, context, nuisances, out scalars)
            : residual.Forward(tape, x, context, nuisances, out scalars);
}
