using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The activations and their adjoints.</content>
internal static unsafe partial class Gemm<V, T>
{
    /// <summary>An activation in lanes; a struct, so that each has loops of its own without calls.</summary>
    private interface IActivation
    {
        /// <summary>act(a).</summary>
        static abstract V Value(V a);

        /// <summary>act'(a), of y = act(a) alone where that is enough; then <paramref name="a"/> is not looked at.</summary>
        static abstract V Slope(V a, V y);
    }

    private static V One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Create(T.One);
    }

    /// <summary>y ← act(y) for consecutive rows of one column.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="y">The column.</param>
    /// <param name="preActivation">Where its argument is kept, or null.</param>
    /// <param name="rows">A multiple of <c>V.Count</c>.</param>
    internal static void Activate(Activation activation, T* y, T* preActivation, int rows)
    {
        if (preActivation is not null)
            Apply<Identity>(y, preActivation, rows);
        switch (activation)
        {
            case Activation.Identity:
                break;
            case Activation.ReLU:
                Apply<ReLU>(y, y, rows);
                break;
            case Activation.Elu:
                Apply<Elu>(y, y, rows);
                break;
            case Activation.Gelu:
                Apply<Gelu>(y, y, rows);
                break;
            case Activation.Silu:
                Apply<Silu>(y, y, rows);
                break;
            case Activation.Tanh:
                Apply<Tanh>(y, y, rows);
                break;
            case Activation.Sigmoid:
                Apply<Sigmoid>(y, y, rows);
                break;
            case Activation.Softplus:
                Apply<Softplus>(y, y, rows);
                break;
            case Activation.LeakyReLU:
                Apply<LeakyReLU>(y, y, rows);
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
                Adjoint<Identity>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.ReLU:
                Adjoint<ReLU>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Elu:
                Adjoint<Elu>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Gelu:
                Adjoint<Gelu>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Silu:
                Adjoint<Silu>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Tanh:
                Adjoint<Tanh>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Sigmoid:
                Adjoint<Sigmoid>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.Softplus:
                Adjoint<Softplus>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            case Activation.LeakyReLU:
                Adjoint<LeakyReLU>(y, yStride, preActivation, preActivationStride, dy, dyStride, dBias, rows, outputs);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TActivation>(T* source, T* destination, int rows)
        where TActivation : struct, IActivation
    {
        for (var r = 0; r < rows; r += V.Count)
            V.Store(TActivation.Value(V.Load(source + r)), destination + r);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Adjoint<TActivation>(
        T* y, nint yStride, T* preActivation, nint preActivationStride, T* dy, nint dyStride, T* dBias, int rows, int outputs)
        where TActivation : struct, IActivation
    {
        var identity = typeof(TActivation) == typeof(Identity);
        var ofArgument = typeof(TActivation) == typeof(Gelu) || typeof(TActivation) == typeof(Silu);
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
                        g *= TActivation.Slope(V.Load(preActivation + r), default);
                        h *= TActivation.Slope(V.Load(preActivation + r + V.Count), default);
                    }
                    else
                    {
                        g *= TActivation.Slope(default, V.Load(y + r));
                        h *= TActivation.Slope(default, V.Load(y + r + V.Count));
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Constant(double value) => V.Create(T.CreateTruncating(value));

    private readonly struct Identity : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y) => One;
    }

    private readonly struct ReLU : IActivation
    {
        // Keeps NaN, as the comparison is then false.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Select(V.LessThan(a, default), default, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y) => V.Select(V.LessThan(default, y), One, default);
    }

    private readonly struct Elu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Select(V.LessThan(default, a), a, LaneMath<V, T>.Expm1(a));

        // e^a = y + 1 below zero.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y) => V.Select(V.LessThan(default, y), One, y + One);
    }

    private readonly struct Gelu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => a * LaneMath<V, T>.NormalCdf(a);

        // Φ(a) + a φ(a), φ the normal density.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y)
        {
            var cdf = LaneMath<V, T>.NormalCdf(a, out var gaussian);
            return V.FusedMultiplyAdd(a * Constant(0.3989422804014327), gaussian, cdf);
        }
    }

    private readonly struct Silu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => a * LaneMath<V, T>.Sigmoid(a);

        // s (1 + a (1 − s)), s = sigmoid(a).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y)
        {
            var s = LaneMath<V, T>.Sigmoid(a);
            return s * V.FusedMultiplyAdd(a, One - s, One);
        }
    }

    private readonly struct Tanh : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Tanh(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y) => V.FusedMultiplyAdd(-y, y, One);
    }

    private readonly struct Sigmoid : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Sigmoid(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y) => V.FusedMultiplyAdd(-y, y, y);
    }

    private readonly struct Softplus : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Softplus(a);

        // sigmoid(a) = 1 − e^−y.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y) => -LaneMath<V, T>.Expm1(-y);
    }

    private readonly struct LeakyReLU : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Select(V.LessThan(default, a), a, a * Constant(0.01));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V a, V y) => V.Select(V.LessThan(default, y), One, Constant(0.01));
    }
}
