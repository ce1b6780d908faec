using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>Means of Möbius maps of the circle (formulas: <see cref="MoebiusFormula{V, T}"/>).</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void MoebiusMixture(bool inverse, in Matrix<T> angle, in Matrix<T> numbers, in Matrix<T> results) =>
        (inverse ? _program.MoebiusMixtureInverse : _program.MoebiusMixture).On(Accelerator)(
            Stream, ColumnsOf(angle), new RowShape { Inner = numbers.Columns / 4 }, CellsOf(angle), CellsOf(numbers), CellsOf(results), Nothing, Nothing);

    public override void MoebiusMixtureAdjoint(
        bool inverse, in Matrix<T> psi, in Matrix<T> numbers, in Matrix<T> dresults, in Matrix<T> dangle, in Matrix<T> dnumbers)
    {
        var shape = new RowShape { Inner = numbers.Columns / 4, Reversed = inverse ? 1 : 0, HasFirst = Has(dangle), HasSecond = Has(dnumbers) };
        var target = RowSums(dnumbers, psi, out var sums);
        _program.MoebiusMixtureAdjoint.On(Accelerator)(
            Stream, new Index2D(psi.PaddedRows, 1), shape, CellsOf(psi), CellsOf(numbers), CellsOf(dresults), dangle.IsEmpty ? Nothing : CellsOf(dangle), target);
        AddRowSums(sums, dnumbers, psi);
    }
}
