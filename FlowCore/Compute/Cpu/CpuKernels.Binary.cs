using System.Numerics;

namespace FlowCore.Compute;

/// <content>Elementwise functions of two arguments, with repeated operands.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Binary(BinaryFunction function, in Matrix<T> a, in Matrix<T> b, in Matrix<T> y)
    {
        var loops = default(BinaryLoops);
        function.Accept(ref loops);
        loops.Value(a, b, y);
    }

    public override void BinaryAdjoint(BinaryFunction function, in Matrix<T> a, in Matrix<T> b, in Matrix<T> dy, in Matrix<T> da, in Matrix<T> db)
    {
        // One operand after the other: where both are the same variable, their adjoints are the same memory.
        var loops = default(BinaryLoops);
        function.Accept(ref loops);
        if (!da.IsEmpty)
            loops.FirstAdjoint(a, b, dy, da);
        if (!db.IsEmpty)
            loops.SecondAdjoint(a, b, dy, db);
    }

    public override void ScaleShift(in Matrix<T> x, T scale, T shift, in Matrix<T> y, bool accumulate)
    {
        var factor = V.Create(scale);
        var summand = V.Create(shift);
        var (runs, length) = Runs(y);
        for (var run = 0; run < runs; run++)
        {
            var from = x.Column(run);
            var to = y.Column(run);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
            {
                var value = V.FusedMultiplyAdd(V.Load(from + i), factor, summand);
                V.Store(accumulate ? V.Load(to + i) + value : value, to + i);
            }

            if (i < length)
            {
                var count = length - i;
                var value = V.FusedMultiplyAdd(V.LoadPartial(from + i, count), factor, summand);
                V.StorePartial(accumulate ? V.LoadPartial(to + i, count) + value : value, to + i, count);
            }
        }
    }

    private static void BinaryLoop<F>(in Matrix<T> a, in Matrix<T> b, in Matrix<T> y)
        where F : struct, IBinaryFormula
    {
        var flat = IsFlat(a, y) && IsFlat(b, y);
        var (runs, length) = flat ? (1, y.Rows * y.Columns) : (y.Columns, y.PaddedRows);
        var firstRepeats = Repeats(a, y);
        var secondRepeats = Repeats(b, y);
        for (var run = 0; run < runs; run++)
        {
            var first = a.Column(a.Columns == 1 ? 0 : run);
            var second = b.Column(b.Columns == 1 ? 0 : run);
            var to = y.Column(run);
            var firstValue = V.Create(*first);
            var secondValue = V.Create(*second);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
                V.Store(F.Value<V, T>(firstRepeats ? firstValue : V.Load(first + i), secondRepeats ? secondValue : V.Load(second + i)), to + i);
            if (i < length)
            {
                var count = length - i;
                var value = F.Value<V, T>(
                    firstRepeats ? firstValue : V.LoadPartial(first + i, count), secondRepeats ? secondValue : V.LoadPartial(second + i, count));
                V.StorePartial(value, to + i, count);
            }
        }
    }

    // d += dy · f', and where the operand is repeated over the rows one number a column += Σ dy · f'. Padding has dy = 0.
    private static void BinaryAdjointLoop<F>(in Matrix<T> a, in Matrix<T> b, in Matrix<T> dy, in Matrix<T> d)
        where F : struct, IPartialDerivative
    {
        var flat = IsFlat(a, dy) && IsFlat(b, dy);
        var (runs, length) = flat ? (1, dy.Rows * dy.Columns) : (dy.Columns, dy.PaddedRows);
        var firstRepeats = Repeats(a, dy);
        var secondRepeats = Repeats(b, dy);
        var sums = Repeats(d, dy);
        for (var run = 0; run < runs; run++)
        {
            var first = a.Column(a.Columns == 1 ? 0 : run);
            var second = b.Column(b.Columns == 1 ? 0 : run);
            var from = dy.Column(run);
            var to = d.Column(d.Columns == 1 ? 0 : run);
            var firstValue = V.Create(*first);
            var secondValue = V.Create(*second);
            var sum = Constant<V, T>.Zero;
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
            {
                var derivative = F.Value<V, T>(firstRepeats ? firstValue : V.Load(first + i), secondRepeats ? secondValue : V.Load(second + i));
                if (sums)
                    sum = V.FusedMultiplyAdd(V.Load(from + i), derivative, sum);
                else
                    V.Store(V.FusedMultiplyAdd(V.Load(from + i), derivative, V.Load(to + i)), to + i);
            }

            if (i < length)
            {
                // Lanes behind the remainder may hold 0 / 0; they must not reach the sum.
                var count = length - i;
                var derivative = F.Value<V, T>(
                    firstRepeats ? firstValue : V.LoadPartial(first + i, count), secondRepeats ? secondValue : V.LoadPartial(second + i, count));
                if (sums)
                    sum += Leading(V.LoadPartial(from + i, count) * derivative, count);
                else
                    V.StorePartial(V.FusedMultiplyAdd(V.LoadPartial(from + i, count), derivative, V.LoadPartial(to + i, count)), to + i, count);
            }

            if (sums)
                *to += V.Sum(sum);
        }
    }

    // Whether a shared operand can be walked as one run together with the result: the same shape, or a single number.
    private static bool IsFlat(in Matrix<T> operand, in Matrix<T> y) =>
        !y.IsBlock && ((operand.Rows == y.Rows && operand.Columns == y.Columns) || (operand.Rows == 1 && operand.Columns == 1));

    // Whether the operand has one number where the result has a run of them. A row of numbers beside a row is no repeat
    // but for the single number, which all columns share.
    private static bool Repeats(in Matrix<T> operand, in Matrix<T> y) =>
        !operand.IsBlock && operand.Rows == 1 && (y.IsBlock || y.Rows > 1 || (operand.Columns == 1 && y.Columns > 1));

    // The first lanes; zero in the others.
    private static V Leading(V value, int count)
    {
        var result = Constant<V, T>.Zero;
        V.StorePartial(value, (T*)&result, count);
        return result;
    }

    // The loops of a function, as they come from its formula.
    private struct BinaryLoops : IBinaryVisitor
    {
        public delegate*<in Matrix<T>, in Matrix<T>, in Matrix<T>, void> Value;

        public delegate*<in Matrix<T>, in Matrix<T>, in Matrix<T>, in Matrix<T>, void> FirstAdjoint;

        public delegate*<in Matrix<T>, in Matrix<T>, in Matrix<T>, in Matrix<T>, void> SecondAdjoint;

        public void Visit<F>()
            where F : struct, IBinaryFormula
        {
            Value = &BinaryLoop<F>;
            FirstAdjoint = &BinaryAdjointLoop<ByFirst<F>>;
            SecondAdjoint = &BinaryAdjointLoop<BySecond<F>>;
        }
    }
}
