using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Manifolds;

/// <summary>[factors' ln p | ln base | base point] of given points, with ln p beside them.</summary>
internal sealed class PdfEvaluationMap<T>(Pdf<T> pdf, Coordinates? coordinates, bool onlyLast) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => pdf.Factors.Count + (pdf.BaseColumns == 0 ? 0 : 1 + pdf.BaseColumns);

    public int InputColumns => pdf.ColumnsIn(coordinates);

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        var evaluation = pdf.Evaluate(x, conditions, coordinates, withBase: true, onlyLast);
        scalars = evaluation.LogDensity;
        return pdf.BaseColumns == 0
            ? evaluation.FactorLogDensities
            : VariableFunctions.Concatenate(evaluation.FactorLogDensities, evaluation.LogBase, evaluation.BasePoint);
    }
}
