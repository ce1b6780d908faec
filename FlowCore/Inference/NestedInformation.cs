using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Inference;

/// <summary>The mutual information of features and context by nested means.</summary>
internal static class NestedInformation
{
    // Outer rows of a call: 64 · 4M densities at once.
    private const int OuterRows = 64;

    public static NestedEstimate Of<T>(DensityModel<T> model, ReadOnlySpan<T> context, int inner, ExpectationOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Check();
        var (features, columns) = (model.Features, model.ContextFeatures);
        var contexts = context.Length / columns;
        var stream = new RandomStream(options.Seed);
        var own = new T[checked(options.Count * columns)];
        RepeatedRows.Fill(context.ToArray(), columns, 0, own);
        var (x, conditional) = (new T[options.Count * features], new T[options.Count]);
        model.Sample(stream, 0, own, x, conditional);
        var (coarse, fine) = (new double[options.Count], new double[options.Count]);
        var many = 4 * inner;
        var (rows, others, densities) = (new T[OuterRows * many * features], new T[OuterRows * many * columns], new T[OuterRows * many]);
        for (var first = 0; first < options.Count; first += OuterRows)
        {
            var count = Math.Min(OuterRows, options.Count - first);
            for (var i = 0; i < count; i++)
            {
                // The 4M contexts that follow at a random distance, never the row's own.
                var start = (ulong)(first + i) + 1 + stream.Substream(1).BelowAt((ulong)(contexts - many), (ulong)(first + i));
                for (var m = 0; m < many; m++)
                {
                    x.AsSpan((first + i) * features, features).CopyTo(rows.AsSpan(((i * many) + m) * features));
                    context.Slice((int)((start + (ulong)m) % (ulong)contexts) * columns, columns).CopyTo(others.AsSpan(((i * many) + m) * columns));
                }
            }

            model.LogDensity(rows.AsSpan(0, count * many * features), others.AsSpan(0, count * many * columns), densities.AsSpan(0, count * many));
            for (var i = 0; i < count; i++)
            {
                var of = densities.AsSpan(i * many, many);
                var density = double.CreateTruncating(conditional[first + i]);
                coarse[first + i] = density - LogWeights.LogMean<T>(of[..inner]);
                fine[first + i] = density - LogWeights.LogMean<T>(of);
            }
        }

        return new NestedEstimate(Influence.Mean(coarse, pairs: false), Influence.Mean(fine, pairs: false), inner);
    }
}
