namespace FlowCore.Compute;

/// <content>Means of Möbius maps of the circle. A lane holds one row; formulas: <see cref="MoebiusFormula{V, T}"/>.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void MoebiusMixture(bool inverse, in Matrix<T> angle, in Matrix<T> numbers, in Matrix<T> results)
    {
        var shape = new RowShape { Inner = numbers.Columns / 4 };
        if (inverse)
            RunRows<MoebiusMixtureInverse<V, T, CpuCells<V, T>>>(angle.PaddedRows, 1, shape, angle, numbers, results);
        else
            RunRows<MoebiusMixture<V, T, CpuCells<V, T>>>(angle.PaddedRows, 1, shape, angle, numbers, results);
    }

    public override void MoebiusMixtureAdjoint(
        bool inverse, in Matrix<T> psi, in Matrix<T> numbers, in Matrix<T> dresults, in Matrix<T> dangle, in Matrix<T> dnumbers) =>
        AddRows<MoebiusMixtureAdjoint<V, T, CpuCells<V, T>>>(
            psi.PaddedRows, 1,
            new RowShape
            {
                Inner = numbers.Columns / 4,
                Reversed = inverse ? 1 : 0,
                HasFirst = dangle.IsEmpty ? 0 : 1,
                HasSecond = dnumbers.IsEmpty ? 0 : 1,
            },
            psi, numbers, dresults, dangle, dnumbers);
}
