using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Statistics;

namespace FlowCore.Fields;

/// <summary>Takes the noise off observed fields d = M(y + n) with a trained density as the prior of y: the most probable field, or the posterior's mean.</summary>
/// <remarks>
/// <para>
/// The posterior is p(y | d) ∝ exp(−½ (y − d)ᵀ N⁻¹ (y − d)) q(y). Its maximum depends on the coordinates: in y (<see cref="MaximumPosterior"/>) the Jacobian of the flow
/// counts, in the random numbers w of the flow's base (<see cref="MaximumPosteriorInNoise"/>, with ½|w|² as the prior and no Jacobian) it does not, and neither is the
/// estimate of the smallest mean square error. That is the mean of the posterior (<see cref="PosteriorMean"/>), the same in all coordinates, at some thousand
/// evaluations a field.
/// </para>
/// <para>All fields of a call are evaluated together, and none depends on the others. Thread-safe; the prior must not be trained meanwhile.</para>
/// </remarks>
/// <typeparam name="T">The number type of the prior. Searches compute in double around it.</typeparam>
public sealed class Denoiser<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DensityModel<T> _prior;
    private readonly FieldPosterior<T> _inFields;
    private readonly FieldPosterior<T> _inNoise;

    /// <summary>Prepares a prior.</summary>
    /// <param name="prior">q, without conditions; a feature is a pixel. It stays the caller's.</param>
    /// <exception cref="ArgumentException">The prior takes conditions, or its base distribution is not made of normal random numbers.</exception>
    public Denoiser(DensityModel<T> prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        if (prior.ConditionColumns != 0)
            throw new ArgumentException($"Expected a prior without conditions, got one with {prior.ConditionColumns}.", nameof(prior));
        if (prior.BaseDistribution.RandomDistribution != RandomDistribution.Normal)
            throw new ArgumentException("Expected a prior whose noise is made of normal random numbers, got one of uniform ones.", nameof(prior));
        _prior = prior;

        // A step may go too far: the search takes a shorter one then, and a chain stays where it is.
        _inFields = new FieldPosterior<T>(prior, ofFields: true) { AllowNonFinite = true };
        _inNoise = new FieldPosterior<T>(prior, ofFields: false) { AllowNonFinite = true };
    }

    /// <summary>The most probable fields y, by L-BFGS from the field that random numbers of zero make.</summary>
    /// <remarks>
    /// The search moves the random numbers w that y is made of, with the Jacobian in its place, so that the maximum is that in y: there no step leaves the fields that the prior knows, and all directions are
    /// about as steep. Each evaluation is one pass through the inverse of the flow and back.
    /// </remarks>
    /// <param name="observed">d, row-major [n, pixels].</param>
    /// <param name="noise">Their noise, with pixels that are hidden or not.</param>
    /// <param name="options">When to end; null for the defaults.</param>
    /// <returns>The fields.</returns>
    /// <exception cref="ArgumentException">The numbers make no fields or are not finite, or the noise has another size.</exception>
    public DenoisedFields MaximumPosterior(ReadOnlySpan<double> observed, FieldNoise noise, DenoiserOptions? options = null)
    {
        var (rows, conditions) = Prepare(observed, noise);
        return Search(_inFields, conditions, rows, options);
    }

    /// <summary>The fields of the most probable random numbers w, by L-BFGS from w = 0.</summary>
    /// <inheritdoc cref="MaximumPosterior"/>
    public DenoisedFields MaximumPosteriorInNoise(ReadOnlySpan<double> observed, FieldNoise noise, DenoiserOptions? options = null)
    {
        var (rows, conditions) = Prepare(observed, noise);
        return Search(_inNoise, conditions, rows, options);
    }

    /// <summary>The mean of the posterior and its deviations, by Hamiltonian chains in the random numbers w, a chain for each field.</summary>
    /// <remarks>
    /// A chain begins at the most probable w. Steps are tuned in the warm-up and kept then (R. M. Neal, "MCMC using Hamiltonian dynamics", 2011); their lengths vary by a fifth from
    /// trajectory to trajectory, so that none returns to where it began. The chain's own noise adds to the error of the mean: kept trajectories are correlated.
    /// </remarks>
    /// <inheritdoc cref="MaximumPosterior"/>
    public PosteriorMean PosteriorMean(ReadOnlySpan<double> observed, FieldNoise noise, DenoiserOptions? options = null)
    {
        options ??= new DenoiserOptions();
        options.Check();
        var (rows, conditions) = Prepare(observed, noise);
        var starts = Minimise(_inNoise, conditions, new double[rows * _inNoise.Features], options);
        var chains = new HamiltonianChains<T>(new PosteriorRows<T>(_inNoise, conditions), [.. starts.SelectMany(start => start.Point)], options);
        return chains.Run(FieldsOf, _prior.Features);
    }

    /// <summary>Frees the workers' memory; the prior stays.</summary>
    public void Dispose()
    {
        _inFields.Dispose();
        _inNoise.Dispose();
    }

    private static MinimiserResult[] Minimise(FieldPosterior<T> posterior, T[] conditions, double[] starts, DenoiserOptions options) => LimitedMemoryMinimiser.MinimiseAll(
        new PosteriorRows<T>(posterior, conditions),
        starts,
        new MinimiserOptions
        {
            MostIterations = options.MostIterations,
            GradientTolerance = options.GradientTolerance,

            // A sum of some thousand rounded numbers.
            Rounding = Math.Max(1e-15, 4 * double.CreateTruncating(T.BitIncrement(T.One) - T.One)),
        });

    private DenoisedFields Search(FieldPosterior<T> posterior, T[] conditions, int rows, DenoiserOptions? options)
    {
        options ??= new DenoiserOptions();
        options.Check();
        var results = Minimise(posterior, conditions, new double[rows * posterior.Features], options);
        return new DenoisedFields(
            FieldsOf([.. results.SelectMany(result => result.Point)]), Array.ConvertAll(results, result => -result.Value), Array.ConvertAll(results, result => result.End),
            Array.ConvertAll(results, result => result.Evaluations));
    }

    // d and 1/σ² of every row.
    private (int Rows, T[] Conditions) Prepare(ReadOnlySpan<double> observed, FieldNoise noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var pixels = _prior.Features;
        if (noise.Pixels != pixels)
            throw new ArgumentException($"Expected the noise of {pixels} pixels, got that of {noise.Pixels}.", nameof(noise));
        if (observed.Length % pixels != 0)
            throw new ArgumentException($"Expected fields of {pixels} pixels, got {observed.Length} numbers.", nameof(observed));
        var rows = observed.Length / pixels;
        var conditions = new T[2 * observed.Length];
        for (var i = 0; i < observed.Length; i++)
        {
            if (!double.IsFinite(observed[i]))
                throw new ArgumentException($"Expected finite fields, got {observed[i]} for pixel {i % pixels} of field {i / pixels}.", nameof(observed));
            var at = (2 * (i - (i % pixels))) + (i % pixels);
            conditions[at] = T.CreateTruncating(observed[i]);
            conditions[at + pixels] = T.CreateTruncating(noise.InverseVariances[i % pixels]);
        }

        return (rows, conditions);
    }

    private double[] FieldsOf(double[] noise)
    {
        var rows = noise.Length / _inNoise.Features;
        var fields = new T[rows * _prior.Features];
        _prior.RunMap(new FieldsOfNoise<T>(_prior), rows, Array.ConvertAll(noise, T.CreateTruncating), default, fields, default);
        return Array.ConvertAll(fields, double.CreateTruncating);
    }
}
