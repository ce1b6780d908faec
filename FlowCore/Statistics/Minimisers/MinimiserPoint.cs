namespace FlowCore.Statistics;

/// <summary>A point, the value there and the gradient, in memory that is used again.</summary>
internal sealed class MinimiserPoint(int dimension)
{
    public double[] X { get; } = new double[dimension];

    public double[] Gradient { get; } = new double[dimension];

    public double Value { get; set; }

    /// <summary>Whether value and gradient are numbers.</summary>
    public bool IsFinite => double.IsFinite(Value) && Array.TrueForAll(Gradient, double.IsFinite);

    /// <summary>The largest component of the gradient.</summary>
    public double LargestGradient
    {
        get
        {
            var largest = 0.0;
            foreach (var component in Gradient)
                largest = Math.Max(largest, Math.Abs(component));
            return largest;
        }
    }

    /// <summary>Begins at a start that was given.</summary>
    public static MinimiserPoint Start(ISmoothFunction function, ReadOnlySpan<double> start)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (start.Length != function.Dimension || start.Length == 0)
            throw new ArgumentException($"Expected a start of {function.Dimension} numbers, got {start.Length}.", nameof(start));
        var point = new MinimiserPoint(start.Length);
        start.CopyTo(point.X);
        point.Evaluate(function);
        return point.CheckedStart(nameof(start));
    }

    /// <summary>This point, if one can begin there.</summary>
    public MinimiserPoint CheckedStart(string name) => IsFinite
        ? this
        : throw new ArgumentException($"Expected a start where the function and its gradient are finite, got the value {Value}.", name);

    public void Evaluate(ISmoothFunction function) => Value = function.Evaluate(X, Gradient);

    /// <summary>What is handed out.</summary>
    public MinimiserResult Result(int iterations, int evaluations, MinimiserEnd end) =>
        new([.. X], Value, [.. Gradient], iterations, evaluations, end);
}
