using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Random;

namespace Responses;

/// <summary>One of the two densities of the study's toy, at the templates of its configs/systematics.yaml.</summary>
internal sealed class ToyProblem : ResponseProblem
{
    private readonly Sector _sector;

    private ToyProblem(Sector sector) => _sector = sector;

    /// <summary>p(x | class).</summary>
    public static ToyProblem Kinematic { get; } = new(Sector.Kinematic);

    /// <summary>p(y | class, x).</summary>
    public static ToyProblem Score { get; } = new(Sector.Score);

    /// <inheritdoc/>
    public override string Name => _sector.Name;

    /// <inheritdoc/>
    public override string[] Columns => [$"{_sector.Symbol}1", $"{_sector.Symbol}2"];

    /// <inheritdoc/>
    public override string[] Context => _sector.IsKinematic ? ["a", "b"] : ["a", "b", "x1", "x2"];

    /// <inheritdoc/>
    public override string[] Nuisances { get; } = ["shift", "squeeze"];

    /// <inheritdoc/>
    public override IReadOnlyList<double[]> Templates { get; } = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]];

    /// <inheritdoc/>
    public override IReadOnlyList<double[]> Unseen { get; } = [[0.5, 0], [0, 0.5], [0.7, -0.7], [2, 0], [0, 2]];

    /// <inheritdoc/>
    public override string ShippedBase => $"samples/FactorizableFlow/models/{Name}_density.safetensors";

    /// <summary>The study's own response, trained on events without end.</summary>
    public string ShippedResponse => $"samples/FactorizableFlow/models/{Name}_density_residuals.safetensors";

    /// <inheritdoc/>
    public override void Fill(double[] nu, ulong seed, int first, Span<float> x, Span<float> context) =>
        _sector.Fill(Generator(nu), new RandomStream(seed), first, x.Length / 2, x, context);

    /// <inheritdoc/>
    public override void LogDensity(double[] nu, ReadOnlySpan<float> x, ReadOnlySpan<float> context, Span<double> logDensity)
    {
        var truth = Generator(nu).Truth;
        for (var i = 0; i < logDensity.Length; i++)
        {
            var own = context.Slice(i * _sector.ContextFeatures, _sector.ContextFeatures);
            logDensity[i] = _sector.IsKinematic
                ? truth.LogDensityX(x[2 * i], x[(2 * i) + 1], (int)own[1])
                : truth.LogDensityY(x[2 * i], x[(2 * i) + 1], own[2], own[3], (int)own[1]);
        }
    }

    private static ToyGenerator Generator(double[] nu) => new(GeneratorSettings.Study.At(nu[0], nu[1]));
}
