using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Inference;

namespace FlowCore.Manifolds;

/// <summary>What a pdf comes to under one condition: moments, entropies, divergences from simpler laws, the densest point.</summary>
/// <remarks>
/// Everything is by draws, so that a seed gives the same numbers; densities are per embedding measure. Thread-safe as the pdf is.
/// </remarks>
public static class PdfSummaries
{
    // Pairs that are evaluated at once in a marginal entropy.
    private const int PairsAtOnce = 1 << 18;

    extension<T>(Pdf<T> pdf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Moments of each factor.</summary>
        /// <param name="draws">How many draws, at least 2.</param>
        /// <param name="seed">The seed.</param>
        /// <param name="context">[C] or [1, C], the condition; left out where C is 0.</param>
        /// <returns>One for each factor.</returns>
        /// <exception cref="ArgumentException">The condition has another shape.</exception>
        public IReadOnlyList<FactorMoments> Moments(int draws, ulong seed, in ReadOnlyTensorSpan<T> context = default)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
            CheckOneRow(pdf, context, nameof(context));
            var embedded = pdf.Draw(draws, seed, context, Coordinates.Embedding);
            var intrinsic = Flat(pdf.Draw(draws, seed, context, Coordinates.Intrinsic).X);
            var factors = pdf.Evaluate(embedded.X.AsReadOnlyTensorSpan(), context, Coordinates.Embedding).FactorLogDensities;
            var (x, logs, logDensity) = (Flat(embedded.X), Flat(factors), Flat(embedded.LogDensity));
            var densest = 0;
            for (var i = 1; i < draws; i++)
                densest = logDensity[i] > logDensity[densest] ? i : densest;
            var moments = new FactorMoments[pdf.Factors.Count];
            var (column, intrinsicColumn) = (0, 0);
            for (var k = 0; k < moments.Length; k++)
            {
                var manifold = pdf.Factors[k].Manifold;
                moments[k] = FactorSummary.Of(
                    manifold, TensorRows.Columns(x, draws, column, manifold.EmbeddingColumns), TensorRows.Columns(logs, draws, k, 1),
                    TensorRows.Columns(intrinsic, draws, intrinsicColumn, manifold.IntrinsicColumns), densest);
                column += manifold.EmbeddingColumns;
                intrinsicColumn += manifold.IntrinsicColumns;
            }

            return moments;
        }

        /// <summary>The entropy −∫ p ln p of all factors together.</summary>
        /// <param name="draws">How many draws, at least 2.</param>
        /// <param name="seed">The seed.</param>
        /// <param name="context">[C] or [1, C], the condition; left out where C is 0.</param>
        /// <returns>The entropy in nats, per embedding measure, with its standard error.</returns>
        public Estimate Entropy(int draws, ulong seed, in ReadOnlyTensorSpan<T> context = default)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
            CheckOneRow(pdf, context, nameof(context));
            return Influence.Mean(Array.ConvertAll(Flat(pdf.Draw(draws, seed, context, Coordinates.Embedding).LogDensity), log => -log), pairs: false);
        }

        /// <summary>The entropy of one factor, those before it integrated out.</summary>
        /// <remarks>
        /// −mean_j ln[1/(n − 1) Σ_{i≠j} p_k(x_k^j | x_{&lt;k}^i)]: every draw is weighed with all others, n² evaluations. The logarithm of a mean makes it too large by
        /// about the relative variance of p_k over the draws before it, divided by 2n.
        /// </remarks>
        /// <param name="factor">The factor, from 0.</param>
        /// <param name="draws">n, at least 3.</param>
        /// <param name="seed">The seed.</param>
        /// <param name="context">[C] or [1, C], the condition; left out where C is 0.</param>
        /// <returns>The entropy in nats, per embedding measure, with its standard error.</returns>
        public Estimate MarginalEntropy(int factor, int draws, ulong seed, in ReadOnlyTensorSpan<T> context = default)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(draws, 3);
            ArgumentOutOfRangeException.ThrowIfNegative(factor);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(factor, pdf.Factors.Count);
            CheckOneRow(pdf, context, nameof(context));
            var sample = pdf.Draw(draws, seed, context, Coordinates.Embedding);
            var columns = pdf.ColumnsIn(Coordinates.Embedding);
            var x = new T[draws * columns];
            sample.X.FlattenTo(x);
            var before = pdf.Factors.Take(factor).Sum(item => item.Manifold.EmbeddingColumns);
            var terms = new double[draws];
            var atOnce = factor == 0 ? draws : Math.Max(1, PairsAtOnce / draws);
            for (var first = 0; first < draws; first += atOnce)
            {
                // Rows (x_{<k}^i, x_k^j and what follows it) for some j and all i.
                var count = Math.Min(atOnce, draws - first);
                var repeats = factor == 0 ? 1 : draws;
                var rows = new T[checked(count * repeats * columns)];
                for (var j = 0; j < count; j++)
                {
                    for (var i = 0; i < repeats; i++)
                    {
                        var row = rows.AsSpan(((j * repeats) + i) * columns, columns);
                        x.AsSpan((first + j) * columns, columns).CopyTo(row);
                        x.AsSpan(i * columns, before).CopyTo(row);
                    }
                }

                var logs = pdf.Evaluate(Tensor.Create(rows, [count * repeats, columns]).AsReadOnlyTensorSpan(), context, Coordinates.Embedding).FactorLogDensities;
                var ofFactor = TensorRows.Columns(Flat(logs), count * repeats, factor, 1);
                for (var j = 0; j < count; j++)
                    terms[first + j] = factor == 0 ? -ofFactor[j] : -LogMeanOfOthers(ofFactor.AsSpan(j * repeats, repeats), first + j);
            }

            return Influence.Mean(terms, pairs: false);
        }

        /// <summary>KL(p ‖ q) = E_p[ln p − ln q] from draws of p.</summary>
        /// <param name="other">q, a pdf on the same manifolds.</param>
        /// <param name="draws">How many draws of p, at least 2.</param>
        /// <param name="seed">The seed.</param>
        /// <param name="context">[C] or [1, C], the condition of p; left out where p has none.</param>
        /// <param name="otherContext">The condition of q.</param>
        /// <returns>The divergence in nats with its standard error; ∞ where q has draws of p outside its support.</returns>
        /// <exception cref="ArgumentException">q lives on other manifolds.</exception>
        public Estimate Divergence(
            Pdf<T> other, int draws, ulong seed, in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> otherContext = default)
        {
            ArgumentNullException.ThrowIfNull(other);
            ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
            if (!pdf.Definition.Factors.SequenceEqual(other.Definition.Factors))
            {
                throw new ArgumentException(
                    $"Expected a pdf on \"{pdf.Definition.ManifoldText}\", got one on \"{other.Definition.ManifoldText}\".", nameof(other));
            }

            CheckOneRow(pdf, context, nameof(context));
            CheckOneRow(other, otherContext, nameof(otherContext));
            var sample = pdf.Draw(draws, seed, context, Coordinates.Embedding);
            var (p, q) = (Flat(sample.LogDensity), Flat(other.Evaluate(sample.X.AsReadOnlyTensorSpan(), otherContext, Coordinates.Embedding).LogDensity));
            for (var i = 0; i < draws; i++)
                p[i] -= q[i];
            return Influence.Mean(p, pairs: false);
        }

        /// <summary>The densest point: the best of some draws, then climbed to the top by L-BFGS.</summary>
        /// <remarks>
        /// Circles are climbed in their angle, spheres along unit vectors, intervals in the logit and simplices in the logits of their points; a top on an
        /// end is approached, not reached.
        /// </remarks>
        /// <param name="draws">How many draws to begin with, at least 1.</param>
        /// <param name="seed">The seed.</param>
        /// <param name="context">[C] or [1, C], the condition; left out where C is 0.</param>
        /// <returns>The point.</returns>
        /// <exception cref="NotSupportedException">The pdf has categories, whose classes cannot be climbed.</exception>
        public DensestPoint DensestPoint(int draws, ulong seed, in ReadOnlyTensorSpan<T> context = default)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
            CheckOneRow(pdf, context, nameof(context));
            var condition = TensorRows.OfOptional(context, pdf.ContextFeatures, nameof(context)).ToArray();
            return DensityClimb<T>.Run(pdf, condition, draws, seed);
        }
    }

    private static void CheckOneRow<T>(Pdf<T> pdf, in ReadOnlyTensorSpan<T> context, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (context.FlattenedLength != pdf.ContextFeatures)
            throw new ArgumentException($"Expected one condition of {pdf.ContextFeatures} numbers, got {context.FlattenedLength} numbers.", name);
    }

    /// <summary>Numbers of a tensor in double.</summary>
    internal static double[] Flat<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return Array.ConvertAll(values, double.CreateTruncating);
    }

    private static double LogMeanOfOthers(Span<double> logs, int self)
    {
        logs[self] = double.NegativeInfinity;
        var largest = TensorPrimitives.Max<double>(logs);
        var sum = 0.0;
        foreach (var log in logs)
            sum += Math.Exp(log - largest);
        return largest + Math.Log(sum / (logs.Length - 1));
    }
}
