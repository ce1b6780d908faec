using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The activations and their adjoints (formulas: <see cref="ActivationFunctions{V, T}"/>).</content>
internal static unsafe partial class Gemm<V, T>
{
    /// <summary>y ← act(y) for consecutive rows of one column.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="y">The column.</param>
    /// <param name="preActivation">Where its argument is kept, or null.</param>
    /// <param name="rows">A multiple of <c>V.Count</c>.</param>
    internal static void Activate(Activation activation, T* y, T* preActivation, int rows)
    {
        if (preActivation is not null)
            Apply<ActivationFunctions<V, T>.Identity>(y, preActivation, rows);
        switch (activation)
        {
            case Activation.Identity:
                break;
            case Activation.ReLU:
                Apply<ActivationFunctions<V, T>.ReLU>(y, y, rows);
                break;
            case Activation.Elu:
                Apply<ActivationFunctions<V, T>.Elu>(y, y, rows);
                break;
            case Activation.Gelu:
                Apply<ActivationFunctions<V, T>.Gelu>(y, y, rows);
                break;
            case Activation.Silu:
                Apply<ActivationFunctions<V, T>.Silu>(y, y, rows);
                break;
            case Activation.Tanh:
                Apply<ActivationFunctions<V, T>.Tanh>(y, y, rows);
                break;
            case Activation.Sigmoid:
                Apply<ActivationFunctions<V, T>.Sigmoid>(y, y, rows);
                break;
            case Activation.Softplus:
                Apply<ActivationFunctions<V, T>.Softplus>(y, y, rows);
                break;
            case Activation.LeakyReLU:
                Apply<ActivationFunctions<V, T>.LeakyReLU>(y, y, rows);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation.");
        }
    }

    /// <summary>dy ← dy ∘ act'(·) in place, and dBias[n] += Σ_r dy[n][r] of the result.</summary>
    /// <remarks>The sums over rows run in a fixed order for a given number of rows and register width.</remarks>
    /// <param name="activation">The activation.</param>
    /// <param name="y">[outputs][rows], the layer's output; not looked at for the identity.</param>
    /// <param name="yStride">The distance of the columns of y.</param>
    /// <param name="preActivation">[outputs][rows], needed by GELU and SiLU; may be null for the others.</param>
    /// <param name="preActivationStride">The distance of its columns.</param>
    /// <param name="dy">[outputs][rows], the adjoint; zero in padding rows.</param>
    /// <param name="dyStride">The distance of the columns of dy.</param>
    /// <param name="dBias">[outputs], or null.</param>
    /// <param name="rows">A multiple of 2·<c>V.Count</c>.</param>
    /// <param name="outputs">How many columns.</param>
    internal static void ActivationAdjoint(
        Activation activation, T* y, int yStride, T* preActivation, int preActivationStride, T* dy, int dyStride, T* dBias, int rows, int outputs)
    {
        switch (activation)
        {
            case Activation.Identity:
                Adjoint<ActivationFunctions<V, T>.Identity>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.ReLU:
                Adjoint<ActivationFunctions<V, T>.ReLU>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Elu:
                Adjoint<ActivationFunctions<V, T>.Elu>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Gelu:
                Adjoint<ActivationFunctions<V, T>.Gelu>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Silu:
                Adjoint<ActivationFunctions<V, T>.Silu>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Tanh:
                Adjoint<ActivationFunctions<V, T>.Tanh>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Sigmoid:
                Adjoint<ActivationFunctions<V, T>.Sigmoid>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Softplus:
                Adjoint<ActivationFunctions<V, T>.Softplus>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.LeakyReLU:
                Adjoint<ActivationFunctions<V, T>.LeakyReLU>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TActivation>(T* source, T* destination, int rows)
        where TActivation : struct, IUnaryFunction<V>
    {
        for (var r = 0; r < rows; r += V.Count)
            V.Store(TActivation.Value(V.Load(source + r)), destination + r);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Adjoint<TActivation>(
        T* y, nint yStride, T* preActivation, nint preActivationStride, T* dy, nint dyStride, T* dBias, int rows, int outputs)
        where TActivation : struct, IUnaryFunction<V>
    {
        var identity = typeof(TActivation) == typeof(ActivationFunctions<V, T>.Identity);
        var ofArgument = typeof(TActivation) == typeof(ActivationFunctions<V, T>.Gelu) || typeof(TActivation) == typeof(ActivationFunctions<V, T>.Silu);
        if (identity && dBias is null)
            return;
        for (var n = 0; n < outputs; n++)
        {
            V left = default, right = default;
            for (var r = 0; r < rows; r += 2 * V.Count)
            {
                var g = V.Load(dy + r);
                var h = V.Load(dy + r + V.Count);
                if (!identity)
                {
                    if (ofArgument)
                    {
                        g *= TActivation.Derivative(V.Load(preActivation + r), default);
                        h *= TActivation.Derivative(V.Load(preActivation + r + V.Count), default);
                    }
                    else
                    {
                        g *= TActivation.Derivative(default, V.Load(y + r));
                        h *= TActivation.Derivative(default, V.Load(y + r + V.Count));
                    }

                    V.Store(g, dy + r);
                    V.Store(h, dy + r + V.Count);
                }

                left += g;
                right += h;
            }

            if (dBias is not null)
                dBias[n] += V.Sum(left + right);
            dy += dyStride;
            y += yStride;
            preActivation += preActivationStride;
        }
    }
}
