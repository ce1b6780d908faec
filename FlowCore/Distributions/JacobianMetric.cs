using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;

namespace FlowCore.Distributions;

/// <summary>The metric that a flow gives the space of its data: <c>model.Metric(x)</c>.</summary>
public static class JacobianMetric
{
    private const int BlockRows = 256;

    /// <summary>
    /// M = p_u(f(x))^e JᵀJ with J_ai = ∂z_a/∂x_i and p_u the density of the noise: a positive matrix for every row, det M = p_u^(eD) (det J)². With e = 1 it is
    /// mbank's; with e = 2/D, √det M is the density p(x).
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model; it takes no context and no nuisances, and keeps the number of features.</param>
    /// <param name="x">[n, D], or [n] where D is 1.</param>
    /// <param name="exponent">e, finite.</param>
    /// <returns>[n, D, D].</returns>
    /// <exception cref="ArgumentException">The model takes a context or nuisances, a shape is wrong, or the exponent is not finite.</exception>
    /// <exception cref="NotSupportedException">An operation of the model has no tangent.</exception>
    public static Tensor<T> Metric<T>(this DensityModel<T> model, in ReadOnlyTensorSpan<T> x, double exponent = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ConditionColumns > 0)
            throw new ArgumentException($"Expected a model without context and nuisances, got one with {model.ContextFeatures} and {model.Nuisances}.", nameof(model));
        if (!double.IsFinite(exponent))
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, $"Expected a finite exponent, got {exponent}.");
        var (features, noise) = (model.Features, model.NoiseFeatures);
        var rows = TensorRows.Of(x, features, nameof(x));
        var count = rows.Length / features;
        var metric = new T[checked(count * features * features)];
        var (jacobian, logDensity) = (new T[BlockRows * noise * features], new T[BlockRows]);
        using var kernels = model.Device.CreateKernels<T>();
        using var tape = new Tape<T>(kernels, BlockRows);
        for (var first = 0; first < count; first += BlockRows)
        {
            var block = Math.Min(BlockRows, count - first);
            tape.Begin(block, record: true);
            var input = tape.Input(rows.Slice(first * features, block * features), features, requiresAdjoint: true);
            var z = model.ToNoise(input, default, out _);
            tape.ReadValue(tape.Jacobian(z, input), jacobian.AsSpan(0, block * noise * features));
            tape.ReadValue(model.NoiseLogDensity(z, default), logDensity.AsSpan(0, block));
            for (var row = 0; row < block; row++)
            {
                var factor = Math.Exp(exponent * double.CreateTruncating(logDensity[row]));
                Multiply(jacobian.AsSpan(row * noise * features, noise * features), features, factor, metric.AsSpan((first + row) * features * features));
            }
        }

        return Tensor.Create(metric, [count, features, features]);
    }

    // factor · JᵀJ, both halves the same bits.
    private static void Multiply<T>(ReadOnlySpan<T> jacobian, int features, double factor, Span<T> metric)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < features; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double sum = 0;
                for (var a = 0; a < jacobian.Length; a += features)
                    sum += double.CreateTruncating(jacobian[a + i]) * double.CreateTruncating(jacobian[a + j]);
                metric[(i * features) + j] = metric[(j * features) + i] = T.CreateTruncating(factor * sum);
            }
        }
    }
}
