namespace FlowCore.Compute;

/// <content>Mixtures of logistic distributions. A lane holds one row; formulas: <see cref="LogisticMixtureFormula{V, T}"/>.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void LogisticMixture(in Matrix<T> x, in Matrix<T> parameters, int components, in Matrix<T> results, in Matrix<T> kept) =>
        RunRows<LogisticMixture<V, T, CpuCells<V, T>>>(
            x.PaddedRows, x.Columns, new RowShape { Inner = components, Columns = x.Columns, HasFirst = kept.IsEmpty ? 0 : 1 }, x, parameters, results, kept);

    public override void LogisticMixtureQuantile(in Matrix<T> logOdds, in Matrix<T> parameters, int components, in Matrix<T> x) =>
        RunRows<LogisticMixtureQuantile<V, T, CpuCells<V, T>>>(
            x.PaddedRows, x.Columns, new RowShape { Inner = components, Columns = x.Columns }, logOdds, parameters, x);

    public override void LogisticMixtureAdjoint(
        in Matrix<T> kept, in Matrix<T> parameters, int components, in Matrix<T> dresults, in Matrix<T> dx, in Matrix<T> dparameters)
    {
        var (rows, features) = (kept.PaddedRows, dresults.Columns / 3);
        var shape = new RowShape { Inner = components, Columns = features, HasFirst = dx.IsEmpty ? 0 : 1, HasSecond = dparameters.IsEmpty ? 0 : 1 };
        if (dparameters.IsEmpty || dparameters.IsBlock)
        {
            RunRows<LogisticMixtureAdjoint<V, T, CpuCells<V, T>>>(rows, features, shape, kept, parameters, dresults, dx, dparameters);
            return;
        }

        // Each lane adds up its rows, and the lanes are added last. The padding adds zeros.
        var length = dparameters.Columns;
        var sums = Scratch(length * V.Count);
        new Span<T>(sums, length * V.Count).Clear();
        var lanes = new CpuCells<V, T>(sums, V.Count, V.Count);
        for (var row = 0; row < rows; row += V.Count)
        {
            RunItems<LogisticMixtureAdjoint<V, T, CpuCells<V, T>>>(
                features, shape, Cells(kept, rows, row, V.Count), Cells(parameters, rows, row, V.Count), Cells(dresults, rows, row, V.Count), Cells(dx, rows, row, V.Count), lanes);
        }

        for (var i = 0; i < length; i++)
            *dparameters.Column(i) += V.Sum(lanes.Load(i));
    }
}
