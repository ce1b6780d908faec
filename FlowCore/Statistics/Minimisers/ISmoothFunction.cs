namespace FlowCore.Statistics;

/// <summary>A function of several numbers with its gradient: what a minimiser works on.</summary>
public interface ISmoothFunction
{
    /// <summary>How many numbers it takes, at least 1.</summary>
    int Dimension { get; }

    /// <summary>Evaluates it. NaN or +∞ says that the point is outside of where it is defined: the minimiser then takes a shorter step.</summary>
    /// <param name="x">The point, <see cref="Dimension"/> numbers.</param>
    /// <param name="gradient">Receives the gradient, <see cref="Dimension"/> numbers.</param>
    /// <returns>The value.</returns>
    double Evaluate(ReadOnlySpan<double> x, Span<double> gradient);
}
