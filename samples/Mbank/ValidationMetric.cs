namespace Mbank;

/// <summary>What says how normal the validation rows are as noise.</summary>
internal enum ValidationMetric
{
    /// <summary>The mean log-density of the noise under the standard normal distribution.</summary>
    CrossEntropy,

    /// <summary>The logarithms of the Kolmogorov-Smirnov probabilities, summed over the features.</summary>
    KolmogorovSmirnov,

    /// <summary>The Kullback-Leibler divergence of the noise from the standard normal distribution, by nearest neighbours.</summary>
    Divergence,
}
