namespace FlowCore.Compute;

/// <content>Elementwise functions of one argument. A lane holds one number; which column it is from does not matter.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Unary(UnaryFunction function, in Matrix<T> x, in Matrix<T> y)
    {
        var loops = default(UnaryLoops);
        function.Accept(ref loops);
        loops.Value(x, y);
    }

    public override void UnaryAdjoint(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx)
    {
        var loops = default(UnaryLoops);
        function.Accept(ref loops);
        loops.Adjoint(x, y, dy, dx);
    }

    public override void UnaryTangent(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> v, in Matrix<T> u)
    {
        var loops = default(UnaryLoops);
        function.Accept(ref loops);
        loops.Tangent(x, y, v, u);
    }

    public override void UnaryTangentAdjoint(
        UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> v, in Matrix<T> du, in Matrix<T> dx, in Matrix<T> dv)
    {
        var loops = default(UnaryLoops);
        function.Accept(ref loops);
        if (!dv.IsEmpty)
            loops.Adjoint(x, y, du, dv);
        if (!dx.IsEmpty)
            loops.Curvature(x, y, v, du, dx);
    }

    // y = f(x); the remainder of a shared matrix is a partial register.
    private static void UnaryLoop<F>(in Matrix<T> x, in Matrix<T> y)
        where F : struct, IUnaryFormula
    {
        var (runs, length) = Runs(y);
        for (var run = 0; run < runs; run++)
        {
            var from = x.Column(run);
            var to = y.Column(run);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
                V.Store(F.Value<V, T>(V.Load(from + i)), to + i);
            if (i < length)
                V.StorePartial(F.Value<V, T>(V.LoadPartial(from + i, length - i)), to + i, length - i);
        }
    }

    // dx += dy · f'(x).
    private static void UnaryAdjointLoop<F>(in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx)
        where F : struct, IUnaryFormula
    {
        var (runs, length) = Runs(dx);
        for (var run = 0; run < runs; run++)
        {
            var argument = x.Column(run);
            var result = y.Column(run);
            var from = dy.Column(run);
            var to = dx.Column(run);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
            {
                var derivative = F.Derivative<V, T>(V.Load(argument + i), V.Load(result + i));
                V.Store(V.FusedMultiplyAdd(V.Load(from + i), derivative, V.Load(to + i)), to + i);
            }

            if (i < length)
            {
                var count = length - i;
                var derivative = F.Derivative<V, T>(V.LoadPartial(argument + i, count), V.LoadPartial(result + i, count));
                V.StorePartial(V.FusedMultiplyAdd(V.LoadPartial(from + i, count), derivative, V.LoadPartial(to + i, count)), to + i, count);
            }
        }
    }

    // u = f'(x) · v.
    private static void UnaryTangentLoop<F>(in Matrix<T> x, in Matrix<T> y, in Matrix<T> v, in Matrix<T> u)
        where F : struct, IUnaryFormula
    {
        var (runs, length) = Runs(u);
        for (var run = 0; run < runs; run++)
        {
            var argument = x.Column(run);
            var result = y.Column(run);
            var from = v.Column(run);
            var to = u.Column(run);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
                V.Store(F.Derivative<V, T>(V.Load(argument + i), V.Load(result + i)) * V.Load(from + i), to + i);
            if (i < length)
            {
                var count = length - i;
                var derivative = F.Derivative<V, T>(V.LoadPartial(argument + i, count), V.LoadPartial(result + i, count));
                V.StorePartial(derivative * V.LoadPartial(from + i, count), to + i, count);
            }
        }
    }

    // dx += du · (f''(x) · v).
    private static void UnaryCurvatureLoop<F>(in Matrix<T> x, in Matrix<T> y, in Matrix<T> v, in Matrix<T> du, in Matrix<T> dx)
        where F : struct, IUnaryFormula
    {
        var (runs, length) = Runs(dx);
        for (var run = 0; run < runs; run++)
        {
            var argument = x.Column(run);
            var result = y.Column(run);
            var tangent = v.Column(run);
            var from = du.Column(run);
            var to = dx.Column(run);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
            {
                var slope = F.SecondDerivative<V, T>(V.Load(argument + i), V.Load(result + i)) * V.Load(tangent + i);
                V.Store(V.FusedMultiplyAdd(V.Load(from + i), slope, V.Load(to + i)), to + i);
            }

            if (i < length)
            {
                var count = length - i;
                var slope = F.SecondDerivative<V, T>(V.LoadPartial(argument + i, count), V.LoadPartial(result + i, count)) * V.LoadPartial(tangent + i, count);
                V.StorePartial(V.FusedMultiplyAdd(V.LoadPartial(from + i, count), slope, V.LoadPartial(to + i, count)), to + i, count);
            }
        }
    }

    // The loops of a function, as they come from its formula.
    private struct UnaryLoops : IUnaryVisitor
    {
        public delegate*<in Matrix<T>, in Matrix<T>, void> Value;

        public delegate*<in Matrix<T>, in Matrix<T>, in Matrix<T>, in Matrix<T>, void> Adjoint;

        public delegate*<in Matrix<T>, in Matrix<T>, in Matrix<T>, in Matrix<T>, void> Tangent;

        public delegate*<in Matrix<T>, in Matrix<T>, in Matrix<T>, in Matrix<T>, in Matrix<T>, void> Curvature;

        public void Visit<F>()
            where F : struct, IUnaryFormula
        {
            Value = &UnaryLoop<F>;
            Adjoint = &UnaryAdjointLoop<F>;
            Tangent = &UnaryTangentLoop<F>;
            Curvature = &UnaryCurvatureLoop<F>;
        }
    }
}
