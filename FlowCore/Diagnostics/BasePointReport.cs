namespace FlowCore.Diagnostics;

/// <summary>What points of the base show, which are independent standard normal numbers where a model is right. Immutable.</summary>
/// <param name="Base">The coverage of the regions |w|² ≤ t.</param>
/// <param name="Pit">The conditional PIT of each column, and the correlations of columns.</param>
/// <param name="Factors">The coverage of each factor given the true values of the earlier ones.</param>
public sealed record BasePointReport(UniformityTest Base, ConditionalPit Pit, IReadOnlyList<FactorCoverage> Factors)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(Environment.NewLine, [Base.ToString(), .. Factors.Select(factor => factor.ToString()), Pit.ToString()]);
}
