using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Random;

namespace FlowCore.Inference;

/// <summary>Whether an observation could have come from the model at all: posterior predictive p-values of T(x, z) = ln p(x | z) / N_d(x).</summary>
/// <remarks>
/// <para>
/// For J draws z_j ~ q(z; x_obs) with one replica x_j ~ p(x | z_j) each, p = (1 + #{T(x_j, z_j) ≤ T(x_obs, z_j)})/(J + 1), small for a bad fit (Gelman, Meng and Stern
/// 1996, "Posterior predictive assessment of model fitness via realized discrepancies"). Divided by the number of terms N_d, the statistic does not
/// mistake a long observation for a bad one. With one draw of z and J replicas of it the p-value is uniform, its ties put in a random order.
/// </para>
/// <para>Draws depend on the seed and the observation's number alone, not on threads.</para>
/// </remarks>
public static class GoodnessOfFit
{
    // Rows that are drawn and evaluated at a time.
    private const int ChunkRows = 1 << 13;

    /// <summary>The p-values of observations.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="posterior">q(z; x), whose context is the row of an observation.</param>
    /// <param name="decoder">p(x | z).</param>
    /// <param name="observations">x, row-major, at least one.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="latentPosterior">q(z_u; z_o, x), whose context is the labels and behind them the row, where there are unobserved latent numbers; null for none.</param>
    /// <returns>The p-values.</returns>
    /// <exception cref="ArgumentException">A size does not fit, there is no observation, or the number of replicas is out of range.</exception>
    public static GoodnessOfFitResult Of<T>(
        DensityModel<T> posterior, Decoder<T> decoder, ReadOnlySpan<T> observations, GoodnessOfFitOptions? options = null, DensityModel<T>? latentPosterior = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(decoder);
        options ??= new GoodnessOfFitOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Replicas, 1, nameof(options));
        var (columns, labels, latents) = (decoder.ObservationColumns, posterior.Features, latentPosterior?.Features ?? 0);
        if (posterior.ContextFeatures != columns)
            throw new ArgumentException($"Expected a posterior given the {columns} columns of an observation, got one given {posterior.ContextFeatures}.", nameof(posterior));
        if (decoder.LatentColumns != labels + latents)
            throw new ArgumentException($"Expected a decoder of {labels + latents} numbers, the posterior's, got one of {decoder.LatentColumns}.", nameof(decoder));
        if (latentPosterior is not null && latentPosterior.ContextFeatures != labels + columns)
            throw new ArgumentException($"Expected a latent posterior given {labels + columns} numbers, got one given {latentPosterior.ContextFeatures}.", nameof(latentPosterior));
        if (observations.IsEmpty || observations.Length % columns != 0)
            throw new ArgumentException($"Expected at least one observation of {columns} numbers, got {observations.Length} numbers.", nameof(observations));
        var (count, draws) = (observations.Length / columns, options.Replicas);
        var stream = new RandomStream(options.Seed);
        var (averaged, single, ties) = (new double[count], new double[count], new double[count]);
        stream.Substream(3).FillUniform<double>(ties);

        // An encoder runs once an observation, not once a draw.
        var (head, codes) = posterior is ConditionalFlow<T> { Head: var behind } conditional ? (behind, conditional.Encode(observations)) : (posterior, observations.ToArray());
        var step = Math.Max(1, ChunkRows / draws);
        for (var start = 0; start < count; start += step)
        {
            var events = Math.Min(step, count - start);
            var given = TensorRows.Repeat<T>(observations.Slice(start * columns, events * columns), columns, draws);
            var context = TensorRows.Repeat<T>(codes.AsSpan(start * head.ContextFeatures, events * head.ContextFeatures), head.ContextFeatures, draws);
            var z = Draw(head, context, latentPosterior, given, columns, stream.Substream(0), (ulong)start * (ulong)draws);
            Count(decoder, given, z, draws, stream.Substream(1), (ulong)start * (ulong)draws, out var worse, out var equal);
            for (var e = 0; e < events; e++)
                averaged[start + e] = (1.0 + (options.Tail == GoodnessOfFitTail.Lower ? worse[e] + equal[e] : draws - worse[e])) / (draws + 1);

            // The first draw of each observation, for all of its replicas.
            for (var row = 0; row < events * draws; row++)
                z.AsSpan(row / draws * draws * decoder.LatentColumns, decoder.LatentColumns).CopyTo(z.AsSpan(row * decoder.LatentColumns));
            Count(decoder, given, z, draws, stream.Substream(2), (ulong)start * (ulong)draws, out worse, out equal);
            for (var e = 0; e < events; e++)
            {
                var p = (worse[e] + (ties[start + e] * (equal[e] + 1))) / (draws + 1);
                single[start + e] = options.Tail == GoodnessOfFitTail.Lower ? p : 1 - p;
            }
        }

        return new GoodnessOfFitResult(averaged, single);
    }

    private static T[] Draw<T>(DensityModel<T> head, T[] context, DensityModel<T>? latentPosterior, T[] given, int columns, RandomStream stream, ulong firstRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (rows, labels) = (given.Length / columns, head.Features);
        var z = new T[rows * labels];
        head.Sample(stream.Substream(0), firstRow, context, z, default);
        if (latentPosterior is null)
            return z;
        var latents = latentPosterior.Features;
        var (both, unobserved, all) = (new T[rows * (labels + columns)], new T[rows * latents], new T[rows * (labels + latents)]);
        for (var i = 0; i < rows; i++)
        {
            z.AsSpan(i * labels, labels).CopyTo(both.AsSpan(i * (labels + columns)));
            given.AsSpan(i * columns, columns).CopyTo(both.AsSpan((i * (labels + columns)) + labels));
        }

        latentPosterior.Sample(stream.Substream(1), firstRow, both, unobserved, default);
        for (var i = 0; i < rows; i++)
        {
            z.AsSpan(i * labels, labels).CopyTo(all.AsSpan(i * (labels + latents)));
            unobserved.AsSpan(i * latents, latents).CopyTo(all.AsSpan((i * (labels + latents)) + labels));
        }

        return all;
    }

    // How many replicas of each observation fit worse than it, and how many as well.
    private static void Count<T>(Decoder<T> decoder, T[] given, T[] z, int draws, RandomStream stream, ulong firstRow, out int[] worse, out int[] equal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var columns = decoder.ObservationColumns;
        var rows = given.Length / columns;
        var (replicas, ofReplicas, ofGiven) = (new T[given.Length], new T[rows], new T[rows]);
        decoder.Sample(stream, firstRow, z, replicas);
        decoder.LogDensity(replicas, z, ofReplicas);
        decoder.LogDensity(given, z, ofGiven);
        (worse, equal) = (new int[rows / draws], new int[rows / draws]);
        for (var i = 0; i < rows; i++)
        {
            var observed = double.CreateTruncating(ofGiven[i]) / decoder.TermsOf(given.AsSpan(i * columns, columns));
            var replica = double.CreateTruncating(ofReplicas[i]) / decoder.TermsOf(replicas.AsSpan(i * columns, columns));
            if (double.IsNaN(observed) || double.IsNaN(replica))
                throw new ArithmeticException($"The likelihood of observation {(firstRow + (ulong)i) / (ulong)draws} or of its replica is NaN.");
            if (replica < observed)
                worse[i / draws]++;
            else if (replica == observed)
                equal[i / draws]++;
        }
    }
}
