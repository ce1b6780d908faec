using FactorizableFlow.Dataset;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FactorizableFlow.Figures;

/// <summary>Events as columns x1, x2, y1, y2, class by class; the y columns may be missing. Immutable.</summary>
internal sealed class ClassColumns
{
    private readonly double[][][] _columns;

    private ClassColumns(double[][][] columns) => _columns = columns;

    /// <summary>Columns of every class: 4, or 2 without y.</summary>
    public int Count => _columns[0].Length;

    /// <summary>One column of one class.</summary>
    /// <param name="label">0 for class A, 1 for B.</param>
    /// <param name="column">0 and 1 for x, 2 and 3 for y.</param>
    public double[] this[int label, int column] => _columns[label][column];

    /// <summary>One column of both classes.</summary>
    public double[] Both(int column) => [.. _columns[0][column], .. _columns[1][column]];

    /// <summary>The events of one class with x1 in [from, to).</summary>
    public double[] InBin(int label, int column, double from, double to)
    {
        var x1 = _columns[label][0];
        var values = _columns[label][column];
        List<double> chosen = [];
        for (var i = 0; i < x1.Length; i++)
        {
            if (x1[i] >= from && x1[i] < to)
                chosen.Add(values[i]);
        }

        return [.. chosen];
    }

    /// <summary>A data set.</summary>
    public static ClassColumns Of(ToyDataset data) => Split(data.X, data.Y, label => data.Labels[label], data.Count);

    /// <summary>Fresh events of the generator.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="stream">The randomness.</param>
    /// <param name="count">How many.</param>
    public static ClassColumns OfGenerator(ToyGenerator generator, RandomStream stream, int count)
    {
        var x = new float[2 * count];
        var y = new float[2 * count];
        var labels = new int[count];
        generator.Generate<float>(stream, 0, count, x, y, labels);
        return Split(x, y, i => labels[i], count);
    }

    /// <summary>Samples of a model: x, or y in the context of the generator's x; x and class are drawn as the generator does.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sector">What it is a density of.</param>
    /// <param name="nu">ν, or empty for a base flow.</param>
    /// <param name="generator">Where the context comes from.</param>
    /// <param name="stream">The randomness.</param>
    /// <param name="count">How many.</param>
    public static ClassColumns OfModel(
        DensityModel<float> model, Sector sector, float[] nu, ToyGenerator generator, RandomStream stream, int count)
    {
        var features = new float[2 * count];
        var context = new float[sector.ContextFeatures * count];
        sector.Fill<float>(generator, stream.Substream(0), 0, count, features, context);
        model.Sample(stream.Substream(1), 0, new(context, nu), features, default);
        if (sector.IsKinematic)
            return Split(features, null, i => (int)context[(2 * i) + 1], count);

        var x = new float[2 * count];
        for (var i = 0; i < count; i++)
            (x[2 * i], x[(2 * i) + 1]) = (context[(4 * i) + 2], context[(4 * i) + 3]);

        return Split(x, features, i => (int)context[(4 * i) + 1], count);
    }

    /// <summary>Draws standard seeds apart: the randomness of figures, which neither training nor validation draws from.</summary>
    /// <param name="seed">The seed.</param>
    public static RandomStream StreamOf(ulong seed) => new RandomStream(seed).Substream(0x66696775726573);

    private static ClassColumns Split(float[] x, float[]? y, Func<int, int> label, int count)
    {
        List<double>[][] lists = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, y is null ? 2 : 4).Select(_ => new List<double>(count)).ToArray())];
        for (var i = 0; i < count; i++)
        {
            var row = lists[label(i)];
            row[0].Add(x[2 * i]);
            row[1].Add(x[(2 * i) + 1]);
            if (y is not null)
            {
                row[2].Add(y[2 * i]);
                row[3].Add(y[(2 * i) + 1]);
            }
        }

        return new ClassColumns([.. lists.Select(columns => columns.Select(column => column.ToArray()).ToArray())]);
    }
}
