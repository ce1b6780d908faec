using System.Numerics;
using FlowCore.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = ln Γ((ν + 1)/2) − ln Γ(ν/2) − ½ ln(νπ) of shared numbers ν &gt; 0: the constant of Student's t distribution, in double precision.</summary>
/// <remarks>
/// Johnson, Kotz and Balakrishnan 1995, "Continuous univariate distributions", volume 2, equation 28.2. Adjoint: ν̄ += ȳ dy/dν. The host computes both, once a block.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class StudentNormalizerOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private StudentNormalizerOperation()
    {
    }

    internal static StudentNormalizerOperation<T> Instance { get; } = new();

    /// <summary>Applies the function to a shared row; its slopes are kept for the adjoint.</summary>
    internal Variable<T> Apply(Variable<T> degrees)
    {
        var tape = OperandChecks.TapeOf(degrees, nameof(degrees));
        if (degrees.IsBlock)
            throw new ArgumentException($"Expected shared numbers; {OperandChecks.Shape(degrees)} came.", nameof(degrees));
        var y = tape.AllocateShared(1, degrees.Columns);
        tape.ApplyInto(this, [degrees], [y, tape.AllocateShared(1, degrees.Columns)]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var n = call.Input(0).Columns;
        var numbers = Workspace.Numbers(3 * n);
        var degrees = numbers[..n];
        var values = numbers.Slice(n, n);
        var slopes = numbers.Slice(2 * n, n);
        HostMatrix<T>.Read(call.Kernels, call.Input(0), degrees);
        for (var i = 0; i < n; i++)
        {
            values[i] = GammaRatio.Logarithm(degrees[i] / 2) - (0.5 * Math.Log(degrees[i] * Math.PI));
            slopes[i] = (0.5 * GammaRatio.Derivative(degrees[i] / 2)) - (0.5 / degrees[i]);
        }

        HostMatrix<T>.Write(call.Kernels, values, call.Output(0));
        HostMatrix<T>.Write(call.Kernels, slopes, call.Output(1));
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>
        call.Kernels.BinaryAdjoint(BinaryFunction.Multiply, call.Input(0), call.Output(1), call.OutputAdjoint(0), call.InputAdjoint(0), default);
}
