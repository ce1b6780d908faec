using FlowCore.Statistics;

namespace FlowCore.Tests.Statistics;

/// <summary>One function as many, whose evaluations are counted as calls for all of them.</summary>
internal sealed class KnownFunctions(KnownFunction function) : ISmoothFunctions
{
    public int Evaluations { get; private set; }

    public int Dimension => function.Dimension;

    public void Evaluate(IReadOnlyList<int> functions, ReadOnlySpan<double> x, Span<double> values, Span<double> gradients)
    {
        Evaluations++;
        for (var i = 0; i < functions.Count; i++)
            values[i] = function.Evaluate(x.Slice(i * Dimension, Dimension), gradients.Slice(i * Dimension, Dimension));
    }
}
