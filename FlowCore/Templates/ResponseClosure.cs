using System.Numerics;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Templates;

/// <summary>Measures how far a response closes on templates.</summary>
internal sealed class ResponseClosure<T>(FactorizableFlow<T> model, Transform<T>? chart, Template<T>? nominal, int mostRows, ulong seed)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FewestThinned = 100;
    private const int Permutations = 199;
    private const int FewestColumnDraws = 20_000;
    private const int MostColumnDraws = 200_000;

    /// <summary>Measures one template.</summary>
    /// <param name="template">The template; the nominal one has ν = 0.</param>
    /// <param name="stream">The randomness.</param>
    public TemplateClosure Of(PreparedTemplate<T> template, RandomStream stream)
    {
        var given = template.Template;
        var unseen = Thinned(template, template.Unseen, stream.Substream(0), mostRows);
        var n = unseen.Length;
        var events = Rows(template.Charted, template.Context, unseen, given);

        // Draws at contexts of rows that are not compared: draws at the rows' own would not be independent of them.
        var contexts = Thinned(template, template.Training, stream.Substream(1), n);
        var zeros = new T[model.Nuisances];
        var nu = given.IsNominal ? zeros : given.Nuisances.Select(T.CreateTruncating).ToArray();
        var draws = Draws(template, contexts, n, nu, stream.Substream(2));
        var nominalDraws = Draws(template, contexts, n, zeros, stream.Substream(3));
        var all = Thinned(template, [.. Enumerable.Range(0, template.Rows)], stream.Substream(4), 2 * n);
        var half = all.Length / 2;
        var columns = given.Features + given.ContextFeatures;
        var options = new TwoSampleOptions { Permutations = Permutations, Seed = seed, Device = null };
        var (gain, error) = Gain(template, nu, zeros);
        return new TemplateClosure(
            given.Name, given.Nuisances, given.Rows, given.EffectiveRows, nominal is null ? double.NaN : given.SumOfWeights / nominal.SumOfWeights, n, gain, error,
            TwoSample.Energy<T>(events, draws, columns, options),
            TwoSample.Energy<T>(events, nominalDraws, columns, options),
            TwoSample.Energy<T>(Rows(template.Charted, template.Context, all[..half], given), Rows(template.Charted, template.Context, all[half..(2 * half)], given), columns, options),
            TwoSample.Classifier<T>(events, draws, columns, options),
            TwoSample.Classifier<T>(events, nominalDraws, columns, options),
            ColumnTests(template, nu, stream.Substream(5)));
    }

    // Column by column with the weights, on all rows: a residual has few numbers beside them, so that those it was trained on say as much as others.
    private ColumnTest[] ColumnTests(PreparedTemplate<T> template, T[] nu, RandomStream stream)
    {
        var features = template.Template.Features;
        var count = Math.Clamp(template.Rows, FewestColumnDraws, MostColumnDraws);
        int[] rows = [.. Enumerable.Range(0, template.Rows)];
        var drawn = Draws(template, Thinned(template, rows, stream.Substream(0), count), count, nu, stream.Substream(1));
        var leading = SampleComparison<T>.Leading(drawn, features + template.Template.ContextFeatures, features);
        return TwoSample.Kolmogorov<T>(template.Charted, leading, features, template.Weights);
    }

    // Rows of equal weight: each kept with a probability proportional to its weight, which leaves them independent. Weights so unequal that few are left are drawn with repetitions instead.
    private static int[] Thinned(PreparedTemplate<T> template, int[] rows, RandomStream stream, int most)
    {
        var order = (int[])rows.Clone();
        stream.Substream(0).Shuffle<int>(order);
        if (template.Weights.Length == 0)
            return order[..Math.Min(most, order.Length)];
        var weights = Array.ConvertAll(order, row => double.CreateTruncating(template.Weights[row]));
        var largest = weights.Max();
        var uniform = new double[order.Length];
        stream.Substream(1).FillUniform<double>(uniform);
        int[] kept = [.. order.Where((_, i) => uniform[i] * largest < weights[i])];
        if (kept.Length >= Math.Min(FewestThinned, order.Length))
            return kept[..Math.Min(most, kept.Length)];
        var cumulative = new double[order.Length];
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < cumulative.Length; i++)
        {
            cumulative[i] = sum += weights[i];
            squares += weights[i] * weights[i];
        }

        var count = Math.Clamp((int)(sum * sum / squares), FewestThinned / 2, most);
        var drawn = new int[count];
        var numbers = new double[count];
        stream.Substream(2).FillUniform<double>(numbers);
        for (var i = 0; i < count; i++)
        {
            var place = Array.BinarySearch(cumulative, numbers[i] * sum);
            drawn[i] = order[Math.Min(place < 0 ? ~place : place, order.Length - 1)];
        }

        return drawn;
    }

    // Features behind the chart, then the context.
    private static T[] Rows(T[] charted, T[] context, int[] rows, Template<T> shape)
    {
        var columns = shape.Features + shape.ContextFeatures;
        var joined = new T[rows.Length * columns];
        for (var i = 0; i < rows.Length; i++)
        {
            charted.AsSpan(rows[i] * shape.Features, shape.Features).CopyTo(joined.AsSpan(i * columns));
            context.AsSpan(rows[i] * shape.ContextFeatures, shape.ContextFeatures).CopyTo(joined.AsSpan((i * columns) + shape.Features));
        }

        return joined;
    }

    private T[] Draws(PreparedTemplate<T> template, int[] contexts, int count, T[] nu, RandomStream stream)
    {
        var width = template.Template.ContextFeatures;
        var context = new T[count * width];
        for (var i = 0; i < count && width > 0; i++)
            template.Context.AsSpan(contexts[i % contexts.Length] * width, width).CopyTo(context.AsSpan(i * width));
        var x = new T[count * model.Features];
        model.Sample(stream, 0, new Conditions<T>(context, nu), x, default);
        return Rows(PreparedTemplate<T>.Behind(chart, x), context, [.. Enumerable.Range(0, count)], template.Template);
    }

    private (double Gain, double Error) Gain(PreparedTemplate<T> template, T[] nu, T[] zeros)
    {
        var given = template.Template;
        var rows = template.Unseen;
        var x = new T[rows.Length * given.Features];
        var context = new T[rows.Length * given.ContextFeatures];
        for (var i = 0; i < rows.Length; i++)
        {
            template.X.AsSpan(rows[i] * given.Features, given.Features).CopyTo(x.AsSpan(i * given.Features));
            template.Context.AsSpan(rows[i] * given.ContextFeatures, given.ContextFeatures).CopyTo(context.AsSpan(i * given.ContextFeatures));
        }

        var (moved, still) = (new T[rows.Length], new T[rows.Length]);
        model.LogDensity(x, new Conditions<T>(context, nu), moved);
        model.LogDensity(x, new Conditions<T>(context, zeros), still);
        var (sum, mean, squares) = (0.0, 0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            sum += Weight(i);
            mean += Weight(i) * Difference(i);
        }

        mean /= sum;
        for (var i = 0; i < rows.Length; i++)
            squares += Math.Pow(Weight(i) * (Difference(i) - mean), 2);
        return (mean, Math.Sqrt(squares) / sum);

        double Weight(int i) => template.Weights.Length == 0 ? 1 : double.CreateTruncating(template.Weights[rows[i]]);

        double Difference(int i) => double.CreateTruncating(moved[i]) - double.CreateTruncating(still[i]);
    }
}
