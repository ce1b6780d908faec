using FlowCore.Statistics;

namespace FlowCore.Tests.Statistics;

/// <summary>A function from delegates.</summary>
internal sealed class KnownFunction(int dimension, KnownFunction.Body body, KnownFunction.SecondDerivatives? hessian = null) : ITwiceSmoothFunction
{
    /// <summary>Value and gradient.</summary>
    public delegate double Body(ReadOnlySpan<double> x, Span<double> gradient);

    /// <summary>The Hessian.</summary>
    public delegate void SecondDerivatives(ReadOnlySpan<double> x, Span<double> hessian);

    /// <summary>Rosenbrock's chain of n parameters, with its minimum 0 at ones.</summary>
    public static KnownFunction Rosenbrock(int n) => new(
        n,
        (x, g) =>
        {
            var sum = 0.0;
            g.Clear();
            for (var i = 0; i + 1 < x.Length; i++)
            {
                var (a, b) = (x[i + 1] - (x[i] * x[i]), 1 - x[i]);
                sum += (100 * a * a) + (b * b);
                g[i] -= (400 * a * x[i]) + (2 * b);
                g[i + 1] += 200 * a;
            }

            return sum;
        },
        (x, h) =>
        {
            h.Clear();
            for (var i = 0; i + 1 < x.Length; i++)
            {
                h[(i * x.Length) + i] += (1200 * x[i] * x[i]) - (400 * x[i + 1]) + 2;
                h[((i + 1) * x.Length) + i + 1] += 200;
                h[((i + 1) * x.Length) + i] -= 400 * x[i];
            }
        });

    /// <summary>½ Σ cᵢ(xᵢ − i)² with c from 1 to a condition number.</summary>
    public static KnownFunction Quadratic(int n, double condition) => new(
        n,
        (x, g) =>
        {
            var sum = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                var c = Math.Pow(condition, (double)i / Math.Max(1, x.Length - 1));
                g[i] = c * (x[i] - i);
                sum += 0.5 * g[i] * (x[i] - i);
            }

            return sum;
        },
        (x, h) =>
        {
            h.Clear();
            for (var i = 0; i < x.Length; i++)
                h[(i * x.Length) + i] = Math.Pow(condition, (double)i / Math.Max(1, x.Length - 1));
        });

    /// <summary>Σ xᵢ/i − ln xᵢ, defined for positive numbers alone: the minimum is at xᵢ = i.</summary>
    public static KnownFunction Barrier(int n) => new(
        n,
        (x, g) =>
        {
            var sum = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                sum += (x[i] / (i + 1)) - Math.Log(x[i]);
                g[i] = (1.0 / (i + 1)) - (1 / x[i]);
            }

            return sum;
        },
        (x, h) =>
        {
            h.Clear();
            for (var i = 0; i < x.Length; i++)
                h[(i * x.Length) + i] = 1 / (x[i] * x[i]);
        });

    /// <summary>¼ x⁴ − ½ x² + ½ y²: a saddle at the origin, minima −¼ at (±1, 0).</summary>
    public static KnownFunction TwoValleys() => new(
        2,
        (x, g) =>
        {
            g[0] = (x[0] * x[0] * x[0]) - x[0];
            g[1] = x[1];
            return (0.25 * Math.Pow(x[0], 4)) - (0.5 * x[0] * x[0]) + (0.5 * x[1] * x[1]);
        },
        (x, h) =>
        {
            h[0] = (3 * x[0] * x[0]) - 1;
            h[2] = 0;
            h[3] = 1;
        });

    /// <inheritdoc/>
    public int Dimension => dimension;

    /// <summary>How often it was evaluated.</summary>
    public int Calls { get; private set; }

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
    {
        Calls++;
        return body(x, gradient);
    }

    /// <inheritdoc/>
    public void Hessian(ReadOnlySpan<double> x, Span<double> result) => hessian!(x, result);
}
