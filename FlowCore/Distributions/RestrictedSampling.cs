using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Random;

namespace FlowCore.Distributions;

/// <summary>Sampling inside a region by rejection: <c>model.SampleWithin(1000, row => row[0] > 0)</c>.</summary>
public static class RestrictedSampling
{
    private const int LargestBatch = 3000;
    private const long MostDraws = 1_000_000;

    /// <summary>Draws rows until enough of them lie inside a region, in batches of at most 3,000.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model; it takes no context and no nuisances.</param>
    /// <param name="count">n, how many rows, at least 1.</param>
    /// <param name="isInside">Whether a row belongs to the region.</param>
    /// <param name="seed">The seed: the same rows for any number of threads.</param>
    /// <returns>Exactly n rows.</returns>
    /// <exception cref="ArgumentException">The model takes a context or nuisances, or no row is wanted.</exception>
    /// <exception cref="InvalidOperationException">Of a million draws in a row none lay inside.</exception>
    public static RestrictedSample<T> SampleWithin<T>(this DensityModel<T> model, int count, RowPredicate<T> isInside, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(isInside);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (model.ConditionColumns > 0)
            throw new ArgumentException($"Expected a model without context and nuisances, got one with {model.ContextFeatures} and {model.Nuisances}.", nameof(model));
        var batch = Math.Min(count, LargestBatch);
        var features = model.Features;
        var (drawn, densities) = (new T[batch * features], new T[batch]);
        var (x, logDensity) = (new T[count * features], new T[count]);
        var stream = new RandomStream(seed);
        long draws = 0, lastInside = 0;
        for (var kept = 0; kept < count;)
        {
            if (draws - lastInside >= MostDraws)
                throw new InvalidOperationException($"Expected a region that the model reaches; none of {draws - lastInside} draws in a row lay inside.");
            model.Sample(stream, (ulong)draws, drawn, densities);
            for (var i = 0; i < batch && kept < count; i++)
            {
                draws++;
                var row = drawn.AsSpan(i * features, features);
                if (!isInside(row))
                    continue;
                row.CopyTo(x.AsSpan(kept * features));
                logDensity[kept++] = densities[i];
                lastInside = draws;
            }
        }

        return new RestrictedSample<T>(Tensor.Create(x, [count, features]), Tensor.Create(logDensity, [count]), (double)count / draws);
    }

    /// <summary>Draws rows inside a box.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model; it takes no context and no nuisances.</param>
    /// <param name="count">n, how many rows, at least 1.</param>
    /// <param name="lower">The lower bound of each feature; it belongs to the box.</param>
    /// <param name="upper">The upper bound of each feature; it belongs to the box.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Exactly n rows.</returns>
    /// <exception cref="ArgumentException">A bound is missing, or as for the other overload.</exception>
    /// <exception cref="InvalidOperationException">Of a million draws in a row none lay inside.</exception>
    public static RestrictedSample<T> SampleWithin<T>(this DensityModel<T> model, int count, IReadOnlyList<T> lower, IReadOnlyList<T> upper, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        if (lower.Count != model.Features || upper.Count != model.Features)
            throw new ArgumentException($"Expected {model.Features} lower and upper bounds, got {lower.Count} and {upper.Count}.", nameof(lower));
        return model.SampleWithin(
            count,
            row =>
            {
                for (var j = 0; j < row.Length; j++)
                {
                    if (!(row[j] >= lower[j] && row[j] <= upper[j]))
                        return false;
                }

                return true;
            },
            seed);
    }
}
