namespace FlowCore.Compute;

/// <content>The bracketed Newton iteration (formula: <see cref="RootFormula{V, T}"/>). A lane holds one number; blocks are padded, so there is no remainder.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void RootStep(
        in Matrix<T> target, in Matrix<T> value, in Matrix<T> logSlope, in Matrix<T> x, in Matrix<T> lower, in Matrix<T> upper, in Matrix<T> length,
        in Matrix<T> done)
    {
        var rows = x.PaddedRows;
        for (var column = 0; column < x.Columns; column++)
        {
            for (var row = 0; row < rows; row += V.Count)
            {
                var xs = V.Load(x.Column(column) + row);
                var lowers = V.Load(lower.Column(column) + row);
                var uppers = V.Load(upper.Column(column) + row);
                var lengths = V.Load(length.Column(column) + row);
                var dones = V.Load(done.Column(column) + row);
                RootFormula<V, T>.Step(
                    V.Load(target.Column(column) + row), V.Load(value.Column(column) + row), V.Load(logSlope.Column(column) + row),
                    ref xs, ref lowers, ref uppers, ref lengths, ref dones);
                V.Store(xs, x.Column(column) + row);
                V.Store(lowers, lower.Column(column) + row);
                V.Store(uppers, upper.Column(column) + row);
                V.Store(lengths, length.Column(column) + row);
                V.Store(dones, done.Column(column) + row);
            }
        }
    }
}
