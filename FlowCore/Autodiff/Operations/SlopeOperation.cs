using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = f'(x) of a function that is linear on either side of 0, or of GELU, from the kernel that a backward sweep uses.</summary>
/// <remarks>
/// Adjoint: x̄ += ȳ f''(x), which is 0 for the piecewise linear functions and φ(x) (2 − x²) for GELU, with φ(x) = e^(−x²/2) / √(2π).
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class SlopeOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double InverseRootTwoPi = 0.3989422804014327;

    private readonly UnaryFunction _function;

    private SlopeOperation(UnaryFunction function) => _function = function;

    internal static SlopeOperation<T> Abs { get; } = new(UnaryFunction.Abs);

    internal static SlopeOperation<T> ReLU { get; } = new(UnaryFunction.ReLU);

    internal static SlopeOperation<T> LeakyReLU { get; } = new(UnaryFunction.LeakyReLU);

    internal static SlopeOperation<T> Gelu { get; } = new(UnaryFunction.Gelu);

    /// <summary>Applies the derivative. Of a piecewise linear function it looks at the sign only, so f(x) may stand for x.</summary>
    internal Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = OperandChecks.AllocateLike(x, x.Columns);
        // The second output is scratch.
        tape.ApplyInto(this, [x], [y, OperandChecks.AllocateLike(x, x.Columns)]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var x = call.Input(0);
        var y = call.Output(0);
        var ones = call.Output(1);
        call.Kernels.Fill(ones, T.One);
        call.Kernels.Fill(y, T.Zero);
        call.Kernels.UnaryAdjoint(_function, x, x, ones, y);
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        if (_function != UnaryFunction.Gelu)
            return;
        var adjoint = call.OutputAdjoint(0);
        var scratch = call.Output(1);
        // 2 − x², then half of it less 1: −x²/2.
        call.Kernels.Unary(UnaryFunction.Square, call.Input(0), scratch);
        call.Kernels.ScaleShift(scratch, -T.One, T.CreateChecked(2), scratch, accumulate: false);
        call.Kernels.Binary(BinaryFunction.Multiply, adjoint, scratch, adjoint);
        call.Kernels.ScaleShift(scratch, T.CreateChecked(0.5), -T.One, scratch, accumulate: false);
        call.Kernels.Unary(UnaryFunction.Exp, scratch, scratch);
        call.Kernels.Binary(BinaryFunction.Multiply, adjoint, scratch, adjoint);
        call.Kernels.ScaleShift(adjoint, T.CreateChecked(InverseRootTwoPi), T.Zero, call.InputAdjoint(0), accumulate: true);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        if (_function != UnaryFunction.Gelu)
            return;
        var square = call.Input(0).Square();
        var density = (square * T.CreateChecked(-0.5)).Exp() * T.CreateChecked(InverseRootTwoPi);
        call.SetOutputTangent(0, density * (T.CreateChecked(2) - square) * call.InputTangent(0));
    }
}
