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
        using var run = new LimitedMemoryRun(MinimiserPoint.Start(function, start), options);
        while (run.Next() is { } point)
            point.Evaluate(function);
        return run.Result;
    }

    /// <summary>Finds a minimum of each of several functions of equal size, all of which are evaluated together: what a model computes for a block of rows at once.</summary>
    /// <remarks>Each search is as <see cref="Minimise"/> does it alone, so no result depends on the others. Functions that are done are not evaluated any more.</remarks>
    /// <param name="functions">What to minimise.</param>
    /// <param name="starts">Where to begin, a row each: the functions are finite there.</param>
    /// <param name="options">When to end; null for the defaults.</param>
    /// <returns>A minimum each.</returns>
    /// <exception cref="ArgumentException">The starts make no rows, or a function is not finite there.</exception>
    public static MinimiserResult[] MinimiseAll(ISmoothFunctions functions, ReadOnlySpan<double> starts, MinimiserOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(functions);
        options ??= new MinimiserOptions();
        options.Check();
        var dimension = functions.Dimension;
        if (starts.Length % dimension != 0)
            throw new ArgumentException($"Expected starts of {dimension} numbers each, got {starts.Length} numbers.", nameof(starts));
        var runs = new LimitedMemoryRun[starts.Length / dimension];
        var points = new MinimiserPoint[runs.Length];
        for (var i = 0; i < runs.Length; i++)
        {
            points[i] = new MinimiserPoint(dimension);
            starts.Slice(i * dimension, dimension).CopyTo(points[i].X);
        }

        var active = Enumerable.Range(0, runs.Length).ToList();
        var (x, values, gradients) = (new double[starts.Length], new double[runs.Length], new double[starts.Length]);
        if (active.Count > 0)
            Evaluate(functions, active, points, x, values, gradients);
        for (var i = 0; i < runs.Length; i++)
            runs[i] = new LimitedMemoryRun(points[i].CheckedStart(nameof(starts)), options);
        while (true)
        {
            active.RemoveAll(i =>
            {
                if (runs[i].Next() is not { } next)
                    return true;
                points[i] = next;
                return false;
            });
            if (active.Count == 0)
                break;
            Evaluate(functions, active, points, x, values, gradients);
        }

        foreach (var run in runs)
            run.Dispose();
        return Array.ConvertAll(runs, run => run.Result);
    }

    private static void Evaluate(ISmoothFunctions functions, List<int> active, MinimiserPoint[] points, double[] x, double[] values, double[] gradients)
    {
        var dimension = functions.Dimension;
        for (var i = 0; i < active.Count; i++)
            points[active[i]].X.CopyTo(x, i * dimension);
        functions.Evaluate(active, x.AsSpan(0, active.Count * dimension), values.AsSpan(0, active.Count), gradients.AsSpan(0, active.Count * dimension));
        for (var i = 0; i < active.Count; i++)
        {
            var point = points[active[i]];
            point.Value = values[i];
            gradients.AsSpan(i * dimension, dimension).CopyTo(point.Gradient);
        }
    }
}
