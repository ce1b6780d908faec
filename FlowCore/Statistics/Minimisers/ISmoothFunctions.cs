namespace FlowCore.Statistics;

/// <summary>Several functions of as many numbers each, which are cheaper to evaluate together.</summary>
public interface ISmoothFunctions
{
    /// <summary>How many numbers each takes, at least 1.</summary>
    int Dimension { get; }

    /// <summary>Evaluates some of them. NaN or +∞ says that the point is outside of where a function is defined.</summary>
    /// <param name="functions">Which functions, from 0.</param>
    /// <param name="x">A point each, row-major.</param>
    /// <param name="values">Receives a value each.</param>
    /// <param name="gradients">Receives a gradient each, row-major.</param>
    void Evaluate(IReadOnlyList<int> functions, ReadOnlySpan<double> x, Span<double> values, Span<double> gradients);
}
