using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Templates;

/// <summary>The rows of a template that have a weight, within the supports and in the coordinates of the base's chart, in three parts: to train on, to validate on and to judge by.</summary>
internal sealed class PreparedTemplate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private PreparedTemplate(Template<T> template, T[] x, T[] context, T[] weights)
    {
        Template = template;
        X = x;
        Context = context;
        Weights = weights;
        Charted = x;
    }

    /// <summary>What it was made of.</summary>
    public Template<T> Template { get; }

    /// <summary>[rows, features]: angles wrapped, whole numbers dequantised.</summary>
    public T[] X { get; }

    /// <summary>[rows, contextFeatures].</summary>
    public T[] Context { get; }

    /// <summary>[rows], or empty for ones.</summary>
    public T[] Weights { get; }

    /// <summary>[rows, features] behind the chart.</summary>
    public T[] Charted { get; private set; }

    /// <summary>Rows of their numbers.</summary>
    public int Rows => X.Length / Template.Features;

    /// <summary>The rows to train on.</summary>
    public int[] Training { get; private set; } = [];

    /// <summary>The rows to validate on.</summary>
    public int[] Validation { get; private set; } = [];

    /// <summary>The rows that nothing is learned from.</summary>
    public int[] Unseen { get; private set; } = [];

    /// <summary>Prepares a template.</summary>
    /// <param name="template">The template; its columns are the base's.</param>
    /// <param name="chart">The chart in front of the base, or null.</param>
    /// <param name="unseenFraction">The share to judge by.</param>
    /// <param name="validationFraction">The share to validate on.</param>
    /// <param name="stream">The randomness of the parts and of dequantisation.</param>
    /// <param name="report">Knows what features are called.</param>
    /// <exception cref="ArgumentException">A number is outside its support; the message names the template.</exception>
    public static PreparedTemplate<T> Of(Template<T> template, Transform<T>? chart, double unseenFraction, double validationFraction, RandomStream stream, FitReport report)
    {
        var prepared = new PreparedTemplate<T>(
            template, WithWeight(template.Samples, template.Features, template), WithWeight(template.Context, template.ContextFeatures, template),
            WithWeight(template.Weights, 1, template));
        var order = new int[prepared.Rows];
        stream.Substream(0).FillPermutation(order);
        var unseen = (int)Math.Round(unseenFraction * order.Length);
        var held = unseen + (int)Math.Round(validationFraction * order.Length);
        (prepared.Unseen, prepared.Validation, prepared.Training) = (order[..unseen], order[unseen..held], order[held..]);
        if (chart is not null)
            prepared.BringBehind(chart, stream.Substream(1), report);
        return prepared;
    }

    /// <summary>Rows in the coordinates of a chart.</summary>
    public static T[] Behind(Transform<T>? chart, T[] x)
    {
        if (chart is null)
            return x;
        var z = new T[x.Length];
        using var front = new Flow<T>(new StandardNormal<T>(chart.Features), chart.ConvertTo<T>()) { AllowNonFinite = true };
        front.ToNoise(x, z, []);
        return z;
    }

    /// <summary>The rows of a template that have a weight, copied.</summary>
    /// <param name="rows">Numbers of all rows.</param>
    /// <param name="columns">Of a row.</param>
    /// <param name="template">Knows the weights.</param>
    public static T[] WithWeight(ReadOnlyMemory<T> rows, int columns, Template<T> template)
    {
        if (columns == 0 || rows.IsEmpty)
            return [];
        if (template.CountingRows == template.Rows)
            return rows.ToArray();
        var kept = new T[template.CountingRows * columns];
        var count = 0;
        for (var i = 0; i < template.Rows; i++)
        {
            if (template.Weights.Span[i] > T.Zero)
                rows.Span.Slice(i * columns, columns).CopyTo(kept.AsSpan(columns * count++));
        }

        return kept;
    }

    /// <summary>Brings a feature inside its support: angles wrapped, whole numbers dequantised.</summary>
    /// <param name="x">[rows, features], changed in place.</param>
    /// <param name="template">What the rows are of.</param>
    /// <param name="feature">Which.</param>
    /// <param name="support">Its support.</param>
    /// <param name="noise">The randomness of dequantisation.</param>
    /// <param name="report">Knows what features are called.</param>
    /// <exception cref="ArgumentException">A number is outside; the message names the template.</exception>
    public static void BringInside(T[] x, Template<T> template, int feature, Support support, RandomStream noise, FitReport report)
    {
        var features = template.Features;
        var values = new double[x.Length / features];
        for (var i = 0; i < values.Length; i++)
            values[i] = double.CreateTruncating(x[(i * features) + feature]);
        try
        {
            Density.BringInside(values, support, report.NameOf(feature), Density.LargestInteger<T>(), noise, "templates");
        }
        catch (ArgumentException error)
        {
            throw Template<T>.Named(template.Name, error);
        }

        for (var i = 0; i < values.Length; i++)
            x[(i * features) + feature] = Density.Rounded<T>(values[i], support);
    }

    private void BringBehind(Transform<T> chart, RandomStream noise, FitReport report)
    {
        var features = Template.Features;
        if (chart is SupportChart<T> supports)
        {
            for (var j = 0; j < features; j++)
            {
                if (supports.Charts[j].Support.Kind != SupportKind.Real)
                    BringInside(X, Template, j, supports.Charts[j].Support, noise.Substream((ulong)j), report);
            }
        }

        Charted = Behind(chart, X);
        for (var i = 0; i < Charted.Length; i++)
        {
            if (!T.IsFinite(Charted[i]))
                throw new ArgumentException($"Expected numbers that the base's chart can hold in template '{Template.Name}', got {X[i]} in {report.NameOf(i % features)} of row {i / features}.");
        }
    }
}
