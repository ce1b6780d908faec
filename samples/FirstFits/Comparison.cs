using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FirstFits;

/// <summary>Models beside the truth.</summary>
internal static class Comparison
{
    /// <summary>How many events of the truth are compared.</summary>
    public const int FreshRows = 100_000;

    /// <summary>The seed by which whole numbers of the events to fit are spread.</summary>
    public const ulong FitSpread = 5;

    /// <summary>The seed by which those of the fresh events are.</summary>
    public const ulong FreshSpread = 6;

    /// <summary>KL(truth ‖ model) and its standard error, from events that no fit has seen.</summary>
    /// <param name="problem">The truth.</param>
    /// <param name="model">The model.</param>
    /// <param name="fresh">Events of the truth.</param>
    /// <param name="numbers">By what the model's features were standardised; null where they were not.</param>
    /// <returns>In nats.</returns>
    public static (double Mean, double Error) Divergence(Problem problem, Flow<float> model, Events fresh, LocationScale? numbers = null)
    {
        var x = Spread(problem, fresh.X, FreshSpread);
        var logDensity = new float[FreshRows];
        model.LogDensity(numbers is null ? x : Standardised(x, numbers), new Conditions<float>(fresh.Context, default), logDensity);
        var logScale = numbers is null ? 0 : numbers.Scale.Sum(Math.Log);
        var truth = Truth(problem, fresh, x);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < FreshRows; i++)
        {
            var difference = truth[i] - logDensity[i] + logScale;
            sum += difference;
            squares += difference * difference;
        }

        var mean = sum / FreshRows;
        return (mean, Math.Sqrt(((squares / FreshRows) - (mean * mean)) / FreshRows));
    }

    /// <summary>ln p of the truth.</summary>
    /// <param name="problem">The truth.</param>
    /// <param name="fresh">Its events.</param>
    /// <param name="x">Their features, whole numbers spread.</param>
    /// <returns>Of each event.</returns>
    public static double[] Truth(Problem problem, Events fresh, float[] x)
    {
        var truth = new double[x.Length / problem.Features];
        var (row, context) = (new double[problem.Features], new double[problem.ContextFeatures]);
        for (var i = 0; i < truth.Length; i++)
        {
            for (var j = 0; j < row.Length; j++)
                row[j] = x[(i * row.Length) + j];
            for (var j = 0; j < context.Length; j++)
                context[j] = fresh.Context[(i * context.Length) + j];
            truth[i] = problem.LogDensity(row, context);
        }

        return truth;
    }

    /// <summary>Rows whose whole numbers are spread over [n, n + 1): the densities that are compared are those of n + u.</summary>
    /// <param name="problem">Where the features live.</param>
    /// <param name="x">[rows, features].</param>
    /// <param name="seed">The seed of u.</param>
    /// <returns>New rows.</returns>
    public static float[] Spread(Problem problem, float[] x, ulong seed)
    {
        var spread = (float[])x.Clone();
        if (problem.Supports is null)
            return spread;
        var uniform = new float[x.Length];
        new RandomStream(seed).FillUniform<float>(uniform);
        for (var i = 0; i < x.Length; i++)
        {
            if (problem.Supports[i % problem.Features].Kind == SupportKind.Integers)
                spread[i] += 0.999f * uniform[i];
        }

        return spread;
    }

    /// <summary>(x − location) / scale.</summary>
    /// <param name="x">[rows, features].</param>
    /// <param name="numbers">Of each feature.</param>
    /// <returns>New rows.</returns>
    public static float[] Standardised(float[] x, LocationScale numbers)
    {
        var standardised = new float[x.Length];
        var features = numbers.Location.Count;
        for (var i = 0; i < x.Length; i++)
            standardised[i] = (float)((x[i] - numbers.Location[i % features]) / numbers.Scale[i % features]);
        return standardised;
    }

    /// <summary>Numbers as rows; none as nothing.</summary>
    /// <param name="numbers">Row-major.</param>
    /// <param name="columns">How many a row.</param>
    /// <returns>[rows, columns].</returns>
    public static ReadOnlyTensorSpan<float> Rows(float[] numbers, int columns) =>
        numbers.Length == 0 ? default : new ReadOnlyTensorSpan<float>(numbers, [numbers.Length / columns, columns]);
}
