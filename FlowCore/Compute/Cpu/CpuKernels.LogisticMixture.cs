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
        var features = dresults.Columns / 3;
        var shape = new RowShape { Inner = components, Columns = features, HasFirst = dx.IsEmpty ? 0 : 1, HasSecond = dparameters.IsEmpty ? 0 : 1 };
        AddRows<LogisticMixtureAdjoint<V, T, CpuCells<V, T>>>(kept.PaddedRows, features, shape, kept, parameters, dresults, dx, dparameters);
    }
}
