using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The activations and their adjoints (formulas: <see cref="UnaryFunction"/>).</content>
internal static unsafe partial class Gemm<V, T>
{
    /// <summary>y ← act(y) for consecutive rows of one column.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="y">The column.</param>
    /// <param name="preActivation">Where its argument is kept, or null.</param>
    /// <param name="rows">A multiple of <c>V.Count</c>.</param>
    internal static void Activate(UnaryFunction activation, T* y, T* preActivation, int rows)
    {
        if (preActivation is not null)
            Apply<ActivationFormulas.Identity>(y, preActivation, rows);
        if (activation != UnaryFunction.Identity)
            Loops(activation).Value(y, y, rows);
    }

    /// <summary>dy ← dy ∘ act'(·) in place, and dBias[n] += Σ_r dy[n][r] of the result.</summary>
    /// <remarks>The sums over rows run in a fixed order for a given number of rows and register width.</remarks>
    /// <param name="activation">The activation.</param>
    /// <param name="y">[outputs][rows], the layer's output; not looked at for the identity.</param>
    /// <param name="yStride">The distance of the columns of y.</param>
    /// <param name="preActivation">[outputs][rows], needed where the derivative needs the argument, else it may be null.</param>
    /// <param name="preActivationStride">The distance of its columns.</param>
    /// <param name="dy">[outputs][rows], the adjoint; zero in padding rows.</param>
    /// <param name="dyStride">The distance of the columns of dy.</param>
    /// <param name="dBias">[outputs], or null.</param>
    /// <param name="rows">A multiple of 2·<c>V.Count</c>.</param>
    /// <param name="outputs">How many columns.</param>
    internal static void ActivationAdjoint(
        UnaryFunction activation, T* y, int yStride, T* preActivation, int preActivationStride, T* dy, int dyStride, T* dBias, int rows, int outputs) =>
        Loops(activation).Adjoint(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);

    // The loops of an activation.
    private static ActivationLoops Loops(UnaryFunction activation)
    {
        var loops = default(ActivationLoops);
        activation.Accept(ref loops);
        return loops;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TActivation>(T* source, T* destination, int rows)
        where TActivation : struct, IUnaryFormula
    {
        for (var r = 0; r < rows; r += V.Count)
            V.Store(TActivation.Value<V, T>(V.Load(source + r)), destination + r);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Adjoint<TActivation>(
        T* y, nint yStride, T* preActivation, nint preActivationStride, T* dy, nint dyStride, T* dBias, int rows, int outputs)
        where TActivation : struct, IUnaryFormula
    {
        var identity = typeof(TActivation) == typeof(ActivationFormulas.Identity);
        var ofArgument = TActivation.DerivativeNeedsArgument;
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
                        g *= TActivation.Derivative<V, T>(V.Load(preActivation + r), V.Load(y + r));
                        h *= TActivation.Derivative<V, T>(V.Load(preActivation + r + V.Count), V.Load(y + r + V.Count));
                    }
                    else
                    {
                        g *= TActivation.Derivative<V, T>(default, V.Load(y + r));
                        h *= TActivation.Derivative<V, T>(default, V.Load(y + r + V.Count));
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

    // The loops of a function, as they come from its formula.
    private struct ActivationLoops : IUnaryVisitor
    {
        public delegate*<T*, T*, int, void> Value;

        public delegate*<T*, nint, T*, nint, T*, nint, T*, int, int, void> Adjoint;

        public void Visit<F>()
            where F : struct, IUnaryFormula
        {
            Value = &Apply<F>;
            Adjoint = &Adjoint<F>;
        }
    }
}
