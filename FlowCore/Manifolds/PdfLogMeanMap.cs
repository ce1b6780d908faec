using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Manifolds;

/// <summary>ln λ of given conditions; what stands in x is not looked at.</summary>
internal sealed class PdfLogMeanMap<T>(Pdf<T> pdf) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => 1;

    public int InputColumns => 1;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        scalars = default;
        return tape.AsBlock(pdf.LogMeanPoisson(tape, conditions));
    }
}
