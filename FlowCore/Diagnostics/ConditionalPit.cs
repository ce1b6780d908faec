namespace FlowCore.Diagnostics;

/// <summary>The conditional probability integral transform u = Φ(z) of each column of the noise: of a right model uniform and independent.</summary>
/// <param name="Columns">The test of each column.</param>
/// <param name="Correlations">The correlation of each pair of columns; none for fewer than three events.</param>
public sealed record ConditionalPit(IReadOnlyList<UniformityTest> Columns, IReadOnlyList<PairCorrelation> Correlations)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(Environment.NewLine, [.. Columns.Select(test => test.ToString()), .. Correlations.Select(pair => pair.ToString())]);
}
