using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Manifolds;

/// <summary>[points | ln base | base point] of normal numbers, with ln p beside them.</summary>
internal sealed class PdfDrawMap<T>(Pdf<T> pdf, Coordinates? coordinates) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => pdf.ColumnsIn(coordinates) + (pdf.BaseColumns == 0 ? 0 : 1 + pdf.BaseColumns);

    public int InputColumns => pdf.NoiseFeatures;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        var draw = pdf.Draw(x, conditions, coordinates);
        scalars = draw.LogDensity;
        return draw.BasePoint.IsNone ? draw.X : VariableFunctions.Concatenate(draw.X, draw.LogBase, draw.BasePoint);
    }
}
