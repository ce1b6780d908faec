using System.Numerics.Tensors;

namespace FlowCore.Statistics;

/// <summary>One minimisation by L-BFGS that leaves the evaluations to its caller: it hands out a point, and goes on when value and gradient are there.</summary>
internal sealed class LimitedMemoryRun : IDisposable
{
    private readonly IEnumerator<MinimiserPoint> _points;
    private MinimiserResult? _result;

    /// <summary>Prepares it.</summary>
    /// <param name="start">Where to begin, with value and gradient.</param>
    /// <param name="options">When to end.</param>
    public LimitedMemoryRun(MinimiserPoint start, MinimiserOptions options) => _points = Points(start, options).GetEnumerator();

    /// <summary>What it came to, when <see cref="Next"/> has nothing more to ask.</summary>
    public MinimiserResult Result => _result ?? throw new InvalidOperationException("The minimisation has not ended.");

    /// <summary>The next point to evaluate; null at the end.</summary>
    public MinimiserPoint? Next() => _points.MoveNext() ? _points.Current : null;

    public void Dispose() => _points.Dispose();

    private IEnumerable<MinimiserPoint> Points(MinimiserPoint here, MinimiserOptions options)
    {
        var n = here.X.Length;
        var there = new MinimiserPoint(n);
        var search = new WolfeLineSearch(options.Rounding);
        var history = new StepHistory(n, options.Memory);
        var direction = new double[n];
        for (var iteration = 0; ; iteration++)
        {
            if (here.LargestGradient <= options.GradientTolerance)
            {
                _result = here.Result(iteration, search.Evaluations + 1, MinimiserEnd.Gradient);
                yield break;
            }

            if (iteration == options.MostIterations)
            {
                _result = here.Result(iteration, search.Evaluations + 1, MinimiserEnd.Iterations);
                yield break;
            }

            history.Direction(here.Gradient, direction);

            // Without a memory the scale of a step is unknown: at most 1.
            var first = history.IsEmpty ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(here.Gradient)) : 1;
            foreach (var point in search.Search(here, direction, first, there))
                yield return point;
            if (!search.Found)
            {
                if (history.IsEmpty)
                {
                    _result = here.Result(iteration, search.Evaluations + 1, MinimiserEnd.Rounding);
                    yield break;
                }

                history.Clear();
                continue;
            }

            history.Add(here, there);
            (here, there) = (there, here);
        }
    }
}
