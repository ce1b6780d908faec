using System.Numerics.Tensors;

namespace FlowCore.Statistics;

/// <summary>Newton's method within a trust region, for up to some 200 parameters whose second derivatives are known.</summary>
/// <remarks>
/// The quadratic model is minimised exactly within the region (J. J. Moré, D. C. Sorensen, "Computing a trust region step", 1983), so saddles and
/// indefinite matrices are no obstacle; near a minimum it converges quadratically. Work per iteration: some n³.
/// </remarks>
public static class TrustRegionMinimiser
{
    private const double Rounding = 1e-15;
    private const double SmallestRadius = 1e-14;

    /// <summary>Finds a minimum near a start.</summary>
    /// <remarks>Deterministic; the value never rises by more than its rounding. Thread-safe where the function is.</remarks>
    /// <param name="function">What to minimise.</param>
    /// <param name="start">Where to begin: the function is finite there.</param>
    /// <param name="options">When to end; null for the defaults.</param>
    /// <returns>The minimum.</returns>
    /// <exception cref="ArgumentException">The start has another length, or the function is not finite there.</exception>
    public static MinimiserResult Minimise(ITwiceSmoothFunction function, ReadOnlySpan<double> start, MinimiserOptions? options = null)
    {
        options ??= new MinimiserOptions();
        options.Check();
        var here = MinimiserPoint.Start(function, start);
        var n = start.Length;
        var there = new MinimiserPoint(n);
        var step = new TrustRegionStep(n);
        var radius = options.FirstRadius;
        var evaluations = 1;
        var fresh = true;
        for (var iteration = 0; ; iteration++)
        {
            if (here.LargestGradient <= options.GradientTolerance)
                return here.Result(iteration, evaluations, MinimiserEnd.Gradient);
            if (iteration == options.MostIterations)
                return here.Result(iteration, evaluations, MinimiserEnd.Iterations);
            if (fresh)
            {
                function.Hessian(here.X, step.Hessian);
                step.CompleteHessian();
            }

            var promised = step.Solve(here.Gradient, radius);
            var length = TensorPrimitives.Norm<double>(step.Step);
            TensorPrimitives.Add(here.X, step.Step, there.X);
            there.Evaluate(function);
            evaluations++;

            // Once the promise is below the rounding of the value, the gradient judges.
            var noise = Rounding * (1 + Math.Abs(here.Value));
            var gained = here.Value - there.Value;
            var isBelowNoise = promised <= noise && Math.Abs(gained) <= 10 * noise && there.IsFinite;
            var ratio = !there.IsFinite ? -1 : isBelowNoise ? (there.LargestGradient < here.LargestGradient ? 1 : -1) : gained / promised;
            if (isBelowNoise && ratio < 0)
                return here.Result(iteration, evaluations, MinimiserEnd.Rounding);
            if (ratio < 0.25)
                radius = 0.25 * length;
            else if (ratio > 0.75 && length > 0.9 * radius)
                radius *= 2;
            fresh = ratio > 1e-4;
            if (fresh)
                (here, there) = (there, here);
            else if (radius <= SmallestRadius * (1 + TensorPrimitives.Norm<double>(here.X)))
                return here.Result(iteration, evaluations, MinimiserEnd.Rounding);
        }
    }
}
