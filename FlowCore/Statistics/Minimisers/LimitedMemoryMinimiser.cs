using System.Numerics.Tensors;

namespace FlowCore.Statistics;

/// <summary>L-BFGS: a quasi-Newton method whose memory and work grow linearly with the parameters (D. C. Liu, J. Nocedal, "On the limited memory BFGS method", 1989).</summary>
public static class LimitedMemoryMinimiser
{
    /// <summary>Finds a minimum near a start, by the two-loop recursion and a line search with the strong conditions of Wolfe.</summary>
    /// <remarks>Deterministic; the value never rises by more than its rounding. Thread-safe where the function is.</remarks>
    /// <param name="function">What to minimise.</param>
    /// <param name="start">Where to begin: the function is finite there.</param>
    /// <param name="options">When to end; null for the defaults.</param>
    /// <returns>The minimum.</returns>
    /// <exception cref="ArgumentException">The start has another length, or the function is not finite there.</exception>
    public static MinimiserResult Minimise(ISmoothFunction function, ReadOnlySpan<double> start, MinimiserOptions? options = null)
    {
        options ??= new MinimiserOptions();
        options.Check();
        var here = MinimiserPoint.Start(function, start);
        var n = start.Length;
        var there = new MinimiserPoint(n);
        var search = new WolfeLineSearch(function);
        var history = new StepHistory(n, options.Memory);
        var direction = new double[n];
        for (var iteration = 0; ; iteration++)
        {
            if (here.LargestGradient <= options.GradientTolerance)
                return here.Result(iteration, search.Evaluations + 1, MinimiserEnd.Gradient);
            if (iteration == options.MostIterations)
                return here.Result(iteration, search.Evaluations + 1, MinimiserEnd.Iterations);
            history.Direction(here.Gradient, direction);

            // Without a memory the scale of a step is unknown: at most 1.
            var first = history.IsEmpty ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(here.Gradient)) : 1;
            if (!search.Search(here, direction, first, there))
            {
                if (history.IsEmpty)
                    return here.Result(iteration, search.Evaluations + 1, MinimiserEnd.Rounding);
                history.Clear();
                continue;
            }

            history.Add(here, there);
            (here, there) = (there, here);
        }
    }
}
