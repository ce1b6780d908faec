using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Manifolds;

/// <summary>Whether points are in the support: 1 or 0.</summary>
internal sealed class PdfSupportMap<T>(Pdf<T> pdf, Coordinates? coordinates) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => 1;

    public int InputColumns => pdf.ColumnsIn(coordinates);

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        scalars = default;
        var (isInside, column) = (default(Variable<T>), 0);
        foreach (var factor in pdf.Factors)
        {
            var which = coordinates ?? factor.Coordinates;
            var point = ManifoldChart<T>.ToState(factor.Manifold, x.Slice(column, factor.ColumnsIn(which)), which).IsInside;
            isInside = isInside.IsNone ? point : ManifoldChart<T>.Both(isInside, point);
            column += factor.ColumnsIn(which);
        }

        return isInside;
    }
}
