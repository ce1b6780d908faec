namespace FlowCore.Compute;

/// <content>The choice between two operands, with repeated operands.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Select(in Matrix<T> mask, in Matrix<T> a, in Matrix<T> b, in Matrix<T> y)
    {
        var flat = IsFlat(mask, y) && IsFlat(a, y) && IsFlat(b, y);
        var (runs, length) = flat ? (1, y.Rows * y.Columns) : (y.Columns, y.PaddedRows);
        var maskRepeats = Repeats(mask, y);
        var firstRepeats = Repeats(a, y);
        var secondRepeats = Repeats(b, y);
        var zero = Constant<V, T>.Zero;
        for (var run = 0; run < runs; run++)
        {
            var decision = mask.Column(mask.Columns == 1 ? 0 : run);
            var first = a.Column(a.Columns == 1 ? 0 : run);
            var second = b.Column(b.Columns == 1 ? 0 : run);
            var to = y.Column(run);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
            {
                var unset = V.Equal(maskRepeats ? V.Create(*decision) : V.Load(decision + i), zero);
                V.Store(V.Select(unset, secondRepeats ? V.Create(*second) : V.Load(second + i), firstRepeats ? V.Create(*first) : V.Load(first + i)), to + i);
            }

            if (i < length)
            {
                var count = length - i;
                var unset = V.Equal(maskRepeats ? V.Create(*decision) : V.LoadPartial(decision + i, count), zero);
                var value = V.Select(
                    unset, secondRepeats ? V.Create(*second) : V.LoadPartial(second + i, count), firstRepeats ? V.Create(*first) : V.LoadPartial(first + i, count));
                V.StorePartial(value, to + i, count);
            }
        }
    }

    // d += dy where the operand was taken, and where it is repeated over the rows one number a column += Σ. Padding has dy = 0.
    public override void SelectAdjoint(in Matrix<T> mask, bool first, in Matrix<T> dy, in Matrix<T> d)
    {
        var flat = IsFlat(mask, dy) && IsFlat(d, dy);
        var (runs, length) = flat ? (1, dy.Rows * dy.Columns) : (dy.Columns, dy.PaddedRows);
        var maskRepeats = Repeats(mask, dy);
        var sums = Repeats(d, dy);
        for (var run = 0; run < runs; run++)
        {
            var decision = mask.Column(mask.Columns == 1 ? 0 : run);
            var from = dy.Column(run);
            var to = d.Column(d.Columns == 1 ? 0 : run);
            var sum = Constant<V, T>.Zero;
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
            {
                var taken = Taken(maskRepeats ? V.Create(*decision) : V.Load(decision + i), first, V.Load(from + i));
                if (sums)
                    sum += taken;
                else
                    V.Store(V.Load(to + i) + taken, to + i);
            }

            if (i < length)
            {
                // The lanes behind the remainder load a dy of zero.
                var count = length - i;
                var taken = Taken(maskRepeats ? V.Create(*decision) : V.LoadPartial(decision + i, count), first, V.LoadPartial(from + i, count));
                if (sums)
                    sum += taken;
                else
                    V.StorePartial(V.LoadPartial(to + i, count) + taken, to + i, count);
            }

            if (sums)
                *to += V.Sum(sum);
        }
    }

    // The adjoint where the operand was taken, else zero.
    private static V Taken(V mask, bool first, V adjoint)
    {
        var zero = Constant<V, T>.Zero;
        var unset = V.Equal(mask, zero);
        return first ? V.Select(unset, zero, adjoint) : V.Select(unset, adjoint, zero);
    }
}
