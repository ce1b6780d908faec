namespace FlowCore.Diagnostics;

/// <summary>The coverage of one factor of the noise.</summary>
/// <remarks>
/// A model makes its columns one after the other. So the coverage of one factor is that of its density <em>given the true values of the earlier factors</em>,
/// not that of its marginal density; of the first factor both are the same.
/// </remarks>
/// <param name="Factor">Which columns.</param>
/// <param name="Given">The earlier factors whose true values it is given; empty for the first.</param>
/// <param name="Test">The test of u = F_χ²(|w|²) of its columns.</param>
public sealed record FactorCoverage(NoiseFactor Factor, IReadOnlyList<string> Given, UniformityTest Test)
{
    /// <inheritdoc/>
    public override string ToString() => Test.ToString();

    /// <summary>Tests the factors of the noise.</summary>
    internal static FactorCoverage[] Of(IReadOnlyList<NoiseFactor> factors, double[][] uniforms, int bins)
    {
        var result = new FactorCoverage[factors.Count];
        for (var f = 0; f < result.Length; f++)
        {
            string[] given = [.. factors.Take(f).Select(factor => factor.Name)];
            var name = $"base coverage of {factors[f].Name}" + (f == 0 ? "" : $" given the true {string.Join(", ", given)}");
            result[f] = new FactorCoverage(factors[f], given, UniformityTest.Of(name, uniforms[f], bins));
        }

        return result;
    }
}
