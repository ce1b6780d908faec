using System.Numerics;

namespace FlowCore.Compute;

/// <content>Elementwise functions of one argument. A lane holds one number; which column it is from does not matter.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Unary(UnaryFunction function, in Matrix<T> x, in Matrix<T> y)
    {
        switch (function)
        {
            case UnaryFunction.Negate:
                UnaryLoop<PowerFunctions<V, T>.Negate>(x, y);
                break;
            case UnaryFunction.Abs:
                UnaryLoop<PowerFunctions<V, T>.Abs>(x, y);
                break;
            case UnaryFunction.Square:
                UnaryLoop<PowerFunctions<V, T>.Square>(x, y);
                break;
            case UnaryFunction.Sqrt:
                UnaryLoop<PowerFunctions<V, T>.Sqrt>(x, y);
                break;
            case UnaryFunction.Reciprocal:
                UnaryLoop<PowerFunctions<V, T>.Reciprocal>(x, y);
                break;
            case UnaryFunction.Exp:
                UnaryLoop<ExponentialFunctions<V, T>.Exp>(x, y);
                break;
            case UnaryFunction.Expm1:
                UnaryLoop<ExponentialFunctions<V, T>.Expm1>(x, y);
                break;
            case UnaryFunction.Log:
                UnaryLoop<ExponentialFunctions<V, T>.Log>(x, y);
                break;
            case UnaryFunction.Log1p:
                UnaryLoop<ExponentialFunctions<V, T>.Log1p>(x, y);
                break;
            case UnaryFunction.Sin:
                UnaryLoop<TrigonometricFunctions<V, T>.Sin>(x, y);
                break;
            case UnaryFunction.Cos:
                UnaryLoop<TrigonometricFunctions<V, T>.Cos>(x, y);
                break;
            case UnaryFunction.ReLU:
                UnaryLoop<ActivationFunctions<V, T>.ReLU>(x, y);
                break;
            case UnaryFunction.Elu:
                UnaryLoop<ActivationFunctions<V, T>.Elu>(x, y);
                break;
            case UnaryFunction.Gelu:
                UnaryLoop<ActivationFunctions<V, T>.Gelu>(x, y);
                break;
            case UnaryFunction.Silu:
                UnaryLoop<ActivationFunctions<V, T>.Silu>(x, y);
                break;
            case UnaryFunction.Tanh:
                UnaryLoop<ActivationFunctions<V, T>.Tanh>(x, y);
                break;
            case UnaryFunction.Sigmoid:
                UnaryLoop<ActivationFunctions<V, T>.Sigmoid>(x, y);
                break;
            case UnaryFunction.Softplus:
                UnaryLoop<ActivationFunctions<V, T>.Softplus>(x, y);
                break;
            case UnaryFunction.LeakyReLU:
                UnaryLoop<ActivationFunctions<V, T>.LeakyReLU>(x, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such function.");
        }
    }

    public override void UnaryAdjoint(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx)
    {
        switch (function)
        {
            case UnaryFunction.Negate:
                UnaryAdjointLoop<PowerFunctions<V, T>.Negate>(x, y, dy, dx);
                break;
            case UnaryFunction.Abs:
                UnaryAdjointLoop<PowerFunctions<V, T>.Abs>(x, y, dy, dx);
                break;
            case UnaryFunction.Square:
                UnaryAdjointLoop<PowerFunctions<V, T>.Square>(x, y, dy, dx);
                break;
            case UnaryFunction.Sqrt:
                UnaryAdjointLoop<PowerFunctions<V, T>.Sqrt>(x, y, dy, dx);
                break;
            case UnaryFunction.Reciprocal:
                UnaryAdjointLoop<PowerFunctions<V, T>.Reciprocal>(x, y, dy, dx);
                break;
            case UnaryFunction.Exp:
                UnaryAdjointLoop<ExponentialFunctions<V, T>.Exp>(x, y, dy, dx);
                break;
            case UnaryFunction.Expm1:
                UnaryAdjointLoop<ExponentialFunctions<V, T>.Expm1>(x, y, dy, dx);
                break;
            case UnaryFunction.Log:
                UnaryAdjointLoop<ExponentialFunctions<V, T>.Log>(x, y, dy, dx);
                break;
            case UnaryFunction.Log1p:
                UnaryAdjointLoop<ExponentialFunctions<V, T>.Log1p>(x, y, dy, dx);
                break;
            case UnaryFunction.Sin:
                UnaryAdjointLoop<TrigonometricFunctions<V, T>.Sin>(x, y, dy, dx);
                break;
            case UnaryFunction.Cos:
                UnaryAdjointLoop<TrigonometricFunctions<V, T>.Cos>(x, y, dy, dx);
                break;
            case UnaryFunction.ReLU:
                UnaryAdjointLoop<ActivationFunctions<V, T>.ReLU>(x, y, dy, dx);
                break;
            case UnaryFunction.Elu:
                UnaryAdjointLoop<ActivationFunctions<V, T>.Elu>(x, y, dy, dx);
                break;
            case UnaryFunction.Gelu:
                UnaryAdjointLoop<ActivationFunctions<V, T>.Gelu>(x, y, dy, dx);
                break;
            case UnaryFunction.Silu:
                UnaryAdjointLoop<ActivationFunctions<V, T>.Silu>(x, y, dy, dx);
                break;
            case UnaryFunction.Tanh:
                UnaryAdjointLoop<ActivationFunctions<V, T>.Tanh>(x, y, dy, dx);
                break;
            case UnaryFunction.Sigmoid:
                UnaryAdjointLoop<ActivationFunctions<V, T>.Sigmoid>(x, y, dy, dx);
                break;
            case UnaryFunction.Softplus:
                UnaryAdjointLoop<ActivationFunctions<V, T>.Softplus>(x, y, dy, dx);
                break;
            case UnaryFunction.LeakyReLU:
                UnaryAdjointLoop<ActivationFunctions<V, T>.LeakyReLU>(x, y, dy, dx);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such function.");
        }
    }

    // y = f(x); the remainder of a shared matrix is a partial register.
    private static void UnaryLoop<F>(in Matrix<T> x, in Matrix<T> y)
        where F : struct, IUnaryFunction<V>
    {
        var (runs, length) = Runs(y);
        for (var run = 0; run < runs; run++)
        {
            var from = x.Column(run);
            var to = y.Column(run);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
                V.Store(F.Value(V.Load(from + i)), to + i);
            if (i < length)
                V.StorePartial(F.Value(V.LoadPartial(from + i, length - i)), to + i, length - i);
        }
    }

    // dx += dy · f'(x).
    private static void UnaryAdjointLoop<F>(in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx)
        where F : struct, IUnaryFunction<V>
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
                var derivative = F.Derivative(V.Load(argument + i), V.Load(result + i));
                V.Store(V.FusedMultiplyAdd(V.Load(from + i), derivative, V.Load(to + i)), to + i);
            }

            if (i < length)
            {
                var count = length - i;
                var derivative = F.Derivative(V.LoadPartial(argument + i, count), V.LoadPartial(result + i, count));
                V.StorePartial(V.FusedMultiplyAdd(V.LoadPartial(from + i, count), derivative, V.LoadPartial(to + i, count)), to + i, count);
            }
        }
    }
}
