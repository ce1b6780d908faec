using FlowCore.Distributions;
using FlowCore.Fields;

namespace LognormalFields;

/// <summary>What a prior makes of observed fields.</summary>
/// <param name="InFields">The most probable fields.</param>
/// <param name="InNoise">The fields of the most probable noise.</param>
/// <param name="Mean">The mean of the posterior; null where it was not asked for.</param>
internal sealed record DenoisingAnswers(double[] InFields, double[] InNoise, double[]? Mean)
{
    // In deviations of a pixel's noise: a hundredth of it changes no error in its third place.
    private static readonly DenoiserOptions _options = new() { GradientTolerance = 1e-2 };

    public static DenoisingAnswers Of(DenoisingProblem problem, DensityModel<float> prior, bool hasMean)
    {
        using var denoiser = new Denoiser<float>(prior);
        return new DenoisingAnswers(
            denoiser.MaximumPosterior(problem.Observed, problem.Noise, _options).Fields,
            denoiser.MaximumPosteriorInNoise(problem.Observed, problem.Noise, _options).Fields,
            hasMean ? denoiser.PosteriorMean(problem.Observed, problem.Noise, _options).Mean : null);
    }
}
