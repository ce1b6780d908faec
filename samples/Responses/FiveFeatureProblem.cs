namespace Responses;

/// <summary><see cref="FiveFeatures"/> as a problem: five features, three nuisances, two cross terms.</summary>
internal sealed class FiveFeatureProblem : ResponseProblem
{
    /// <inheritdoc/>
    public override string Name => "five";

    /// <inheritdoc/>
    public override string[] Columns { get; } = ["mass", "u", "v", "w", "z"];

    /// <inheritdoc/>
    public override string[] Nuisances { get; } = ["jes", "jer", "tes"];

    /// <inheritdoc/>
    public override IReadOnlyList<double[]> Templates => FiveFeatures.Points;

    /// <inheritdoc/>
    public override IReadOnlyList<double[]> Unseen { get; } = [[0.5, 0.5, 0.5], [0.7, -0.7, 0.7], [-0.5, 1, -1], [1, 1, 1]];

    /// <inheritdoc/>
    public override int NominalRows(int rows) => 10 * rows;

    /// <inheritdoc/>
    public override void Fill(double[] nu, ulong seed, int first, Span<float> x, Span<float> context) =>
        FiveFeatures.Fill(nu, seed, first, x);

    /// <inheritdoc/>
    public override void LogDensity(double[] nu, ReadOnlySpan<float> x, ReadOnlySpan<float> context, Span<double> logDensity)
    {
        for (var i = 0; i < logDensity.Length; i++)
            logDensity[i] = FiveFeatures.LogDensity(x.Slice(i * FiveFeatures.Features, FiveFeatures.Features), nu);
    }
}
