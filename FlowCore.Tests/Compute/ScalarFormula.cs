using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>The formulas of the list of functions for a single number.</summary>
internal static class ScalarFormula<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Value(UnaryFunction function, T a) => Evaluate(function, a, T.Zero).Value;

    public static T Derivative(UnaryFunction function, T a, T y) => Evaluate(function, a, y).Derivative;

    public static T SecondDerivative(UnaryFunction function, T a, T y) => Evaluate(function, a, y).SecondDerivative;

    public static T Value(BinaryFunction function, T a, T b)
    {
        var visitor = new BinaryEvaluation(a, b);
        function.Accept(ref visitor);
        return visitor.Value;
    }

    private static UnaryEvaluation Evaluate(UnaryFunction function, T a, T y)
    {
        var visitor = new UnaryEvaluation(a, y);
        function.Accept(ref visitor);
        return visitor;
    }

    private struct UnaryEvaluation(T a, T y) : IUnaryVisitor
    {
        public T Value { get; private set; }

        public T Derivative { get; private set; }

        public T SecondDerivative { get; private set; }

        public void Visit<F>()
            where F : struct, IUnaryFormula
        {
            var (argument, result) = (ScalarLane<T>.Create(a), ScalarLane<T>.Create(y));
            Value = F.Value<ScalarLane<T>, T>(argument).Value;
            Derivative = F.Derivative<ScalarLane<T>, T>(argument, result).Value;
            SecondDerivative = F.SecondDerivative<ScalarLane<T>, T>(argument, result).Value;
        }
    }

    private struct BinaryEvaluation(T a, T b) : IBinaryVisitor
    {
        public T Value { get; private set; }

        public void Visit<F>()
            where F : struct, IBinaryFormula =>
            Value = F.Value<ScalarLane<T>, T>(ScalarLane<T>.Create(a), ScalarLane<T>.Create(b)).Value;
    }
}
