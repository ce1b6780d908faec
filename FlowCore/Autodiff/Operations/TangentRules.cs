using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The tangents f'(x)·v of the elementwise functions, composed on the tape.</summary>
internal static class TangentRules
{
    /// <summary>f'(x)·v, differentiable by x and v.</summary>
    /// <param name="function">f.</param>
    /// <param name="x">
    /// The argument; may be "no variable" for the functions of <see cref="Activation"/> whose layers keep no pre-activation
    /// (<see cref="Kernels{T}.NeedsPreActivation"/>): their derivatives are those of y.
    /// </param>
    /// <param name="y">f(x).</param>
    /// <param name="v">The tangent of x.</param>
    internal static Variable<T> Unary<T>(UnaryFunction function, Variable<T> x, Variable<T> y, Variable<T> v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => function switch
        {
            UnaryFunction.Negate => -v,
            UnaryFunction.Abs => SlopeOperation<T>.Abs.Apply(x) * v,
            UnaryFunction.Square => x * v * T.CreateChecked(2),
            UnaryFunction.Sqrt => v / (y + y),
            UnaryFunction.Reciprocal => -(y.Square() * v),
            UnaryFunction.Exp => y * v,
            UnaryFunction.Expm1 => (y * v) + v,
            UnaryFunction.Log => v / x,
            UnaryFunction.Log1p => v / (x + T.One),
            UnaryFunction.Sin => x.Cos() * v,
            UnaryFunction.Cos => -(x.Sin() * v),
            UnaryFunction.ReLU => SlopeOperation<T>.ReLU.Apply(y) * v,
            // e^x = y + 1 below 0.
            UnaryFunction.Elu => (y.Min(OperandChecks.TapeOf(y, nameof(y)).Constant(T.Zero)) * v) + v,
            UnaryFunction.Gelu => SlopeOperation<T>.Gelu.Apply(x) * v,
            UnaryFunction.Silu => Silu(x, y) * v,
            UnaryFunction.Tanh => v - (y.Square() * v),
            UnaryFunction.Sigmoid => (y - y.Square()) * v,
            // sigmoid(x) = 1 − e^−y.
            UnaryFunction.Softplus => -((-y).Expm1() * v),
            UnaryFunction.LeakyReLU => SlopeOperation<T>.LeakyReLU.Apply(y) * v,
            _ => throw new NotSupportedException($"The function {function} has no rule for forward tangents."),
        };

    /// <summary>act'(p)·v of a layer's pre-activation p, which may be missing where the activation's derivative is one of y.</summary>
    internal static Variable<T> OfActivation<T>(Activation activation, Variable<T> preActivation, Variable<T> y, Variable<T> v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => activation switch
        {
            Activation.Identity => v,
            Activation.ReLU => Unary(UnaryFunction.ReLU, preActivation, y, v),
            Activation.Elu => Unary(UnaryFunction.Elu, preActivation, y, v),
            Activation.Gelu => Unary(UnaryFunction.Gelu, preActivation, y, v),
            Activation.Silu => Unary(UnaryFunction.Silu, preActivation, y, v),
            Activation.Tanh => Unary(UnaryFunction.Tanh, preActivation, y, v),
            Activation.Sigmoid => Unary(UnaryFunction.Sigmoid, preActivation, y, v),
            Activation.Softplus => Unary(UnaryFunction.Softplus, preActivation, y, v),
            Activation.LeakyReLU => Unary(UnaryFunction.LeakyReLU, preActivation, y, v),
            _ => throw new NotSupportedException($"The activation {activation} has no rule for forward tangents."),
        };

    /// <summary>The sum of two tangents, either of which may be zero.</summary>
    internal static Variable<T> Sum<T>(Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a.IsNone ? b : b.IsNone ? a : a + b;

    // σ (1 + x (1 − σ)) = σ + y (1 − σ).
    private static Variable<T> Silu<T>(Variable<T> x, Variable<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sigmoid = x.Sigmoid();
        return sigmoid + (y - (y * sigmoid));
    }
}
