using System.Buffers;
using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = x·e^s + t with the polynomials s and t of <see cref="ResidualSettings"/>, or x = (y − t)·e^−s, and log|det J|.</summary>
/// <remarks>Inputs: x, the nuisances, then the coefficients of each nuisance and of each cross term; outputs: y and log|det J|.</remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="settings">The constants.</param>
/// <param name="inverse">Whether to compute the inverse.</param>
public sealed class ResidualOperation<T>(ResidualSettings settings, bool inverse = false) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var count = call.Inputs - 2;
        var coefficients = ArrayPool<Matrix<T>>.Shared.Rent(count);
        for (var i = 0; i < count; i++)
            coefficients[i] = call.Input(2 + i);
        call.Kernels.Residual(inverse, settings, call.Input(0), call.Input(1), coefficients.AsSpan(0, count), call.Output(0), call.Output(1));
        ArrayPool<Matrix<T>>.Shared.Return(coefficients, clearArray: true);
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var count = call.Inputs - 2;
        var all = ArrayPool<Matrix<T>>.Shared.Rent(2 * count);
        for (var i = 0; i < count; i++)
        {
            all[i] = call.Input(2 + i);
            all[count + i] = call.InputAdjoint(2 + i);
        }

        call.Kernels.ResidualAdjoint(
            inverse, settings, call.Input(0), call.Input(1), all.AsSpan(0, count), call.Output(0), call.OutputAdjoint(0), call.OutputAdjoint(1),
            call.InputAdjoint(0), call.InputAdjoint(1), all.AsSpan(count, count), overwriteCoefficients: false);
        ArrayPool<Matrix<T>>.Shared.Return(all, clearArray: true);
    }
}
