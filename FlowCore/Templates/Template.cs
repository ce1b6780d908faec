using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Templates;

/// <summary>Events at one point ν of the nuisances: what a response is learned from. The nominal events are those at ν = 0. Immutable.</summary>
/// <remarks>The numbers are kept, not copied, and must not change meanwhile. Thread-safe.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Template<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Describes the events of a template.</summary>
    /// <param name="name">What reports call it; not empty.</param>
    /// <param name="nuisances">ν, K finite numbers. Those of nominal events are empty or zeros.</param>
    /// <param name="samples">[rows, features], row-major, finite.</param>
    /// <param name="features">The features of a row, at least 1.</param>
    /// <param name="context">[rows, contextFeatures], row-major, or empty.</param>
    /// <param name="contextFeatures">The context features of a row; 0 for none.</param>
    /// <param name="weights">[rows], at least 0 and not all of them 0; empty for ones.</param>
    /// <exception cref="ArgumentException">The numbers make no rows, or one is not finite or a negative weight; the message names the template.</exception>
    public Template(
        string name, IReadOnlyList<double> nuisances, ReadOnlyMemory<T> samples, int features,
        ReadOnlyMemory<T> context = default, int contextFeatures = 0, ReadOnlyMemory<T> weights = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(nuisances);
        foreach (var value in nuisances)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected finite nuisances of template '{name}', got {value}."), nameof(nuisances));
        }

        try
        {
            // The data's own checks: whole rows, finite numbers, weights of at least 0.
            Rows = new ArrayData<T>(samples, features, context, contextFeatures, weights: weights).Count;
        }
        catch (ArgumentException error)
        {
            throw Named(name, error);
        }

        if (contextFeatures > 0 && context.Length != Rows * (long)contextFeatures)
            throw new ArgumentException($"Expected {contextFeatures} context columns for each of the {Rows} rows of template '{name}', got {context.Length} numbers.", nameof(context));
        Name = name;
        Nuisances = [.. nuisances];
        Samples = samples;
        Features = features;
        Context = context;
        ContextFeatures = contextFeatures;
        Weights = weights;
        var (sum, squares, positive) = (0.0, 0.0, weights.IsEmpty ? Rows : 0);
        foreach (var number in weights.Span)
        {
            var weight = double.CreateTruncating(number);
            sum += weight;
            squares += weight * weight;
            positive += weight > 0 ? 1 : 0;
        }

        SumOfWeights = weights.IsEmpty ? Rows : sum;
        EffectiveRows = weights.IsEmpty ? Rows : sum * sum / squares;
        CountingRows = positive;
    }

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>ν.</summary>
    public IReadOnlyList<double> Nuisances { get; }

    /// <summary>[rows, features], row-major.</summary>
    public ReadOnlyMemory<T> Samples { get; }

    /// <summary>The features of a row.</summary>
    public int Features { get; }

    /// <summary>[rows, contextFeatures], row-major; empty where there are none.</summary>
    public ReadOnlyMemory<T> Context { get; }

    /// <summary>The context features of a row.</summary>
    public int ContextFeatures { get; }

    /// <summary>[rows]; empty for ones.</summary>
    public ReadOnlyMemory<T> Weights { get; }

    /// <summary>How many rows.</summary>
    public int Rows { get; }

    /// <summary>Σw, what the template yields.</summary>
    public double SumOfWeights { get; }

    /// <summary>(Σw)²/Σw²: how many events of equal weight would say as much.</summary>
    public double EffectiveRows { get; }

    /// <summary>How many rows have a weight above 0.</summary>
    internal int CountingRows { get; }

    /// <summary>Whether ν is empty or zero.</summary>
    internal bool IsNominal => Nuisances.All(value => value == 0);

    /// <summary>ν as it is written: (1, 0).</summary>
    internal string Point => PointOf(Nuisances);

    /// <summary>Copies tensors.</summary>
    /// <param name="name">What reports call it; not empty.</param>
    /// <param name="nuisances">ν, K finite numbers.</param>
    /// <param name="samples">[rows, features], or [rows] for one feature.</param>
    /// <param name="context">[rows, C]; left out for none.</param>
    /// <param name="weights">[rows]; left out for ones.</param>
    /// <returns>The template.</returns>
    /// <exception cref="ArgumentException">As for the constructor, or a tensor has another rank.</exception>
    public static Template<T> Copy(
        string name, IReadOnlyList<double> nuisances, in ReadOnlyTensorSpan<T> samples,
        in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> weights = default)
    {
        var features = Columns(samples, nameof(samples));
        var contextFeatures = Columns(context, nameof(context));
        if (features == 0)
            throw new ArgumentException($"Expected rows of template '{name}', got none.", nameof(samples));
        return new Template<T>(
            name, nuisances, TensorRows.Of(samples, features, nameof(samples)).ToArray(), features,
            contextFeatures == 0 ? default(ReadOnlyMemory<T>) : TensorRows.Of(context, contextFeatures, nameof(context)).ToArray(), contextFeatures,
            weights.FlattenedLength == 0 ? default(ReadOnlyMemory<T>) : TensorRows.Of(weights, 1, nameof(weights)).ToArray());
    }

    /// <summary>ν as it is written.</summary>
    internal static string PointOf(IReadOnlyList<double> nuisances) =>
        $"({string.Join(", ", nuisances.Select(value => value.ToString("g6", CultureInfo.InvariantCulture)))})";

    /// <summary>An error with the template's name in front.</summary>
    internal static ArgumentException Named(string name, ArgumentException error)
    {
        // The message of the property has the parameter's name behind the sentence.
        var suffix = error.ParamName is null ? "" : $" (Parameter '{error.ParamName}')";
        var text = error.Message.EndsWith(suffix, StringComparison.Ordinal) ? error.Message[..^suffix.Length] : error.Message;
        return new ArgumentException($"Template '{name}': {text}", error.ParamName, error);
    }

    private static int Columns(in ReadOnlyTensorSpan<T> tensor, string name) => tensor.FlattenedLength == 0 ? 0 : tensor.Rank switch
    {
        1 => 1,
        2 => checked((int)tensor.Lengths[1]),
        _ => throw new ArgumentException($"Expected a tensor of rows and columns, got one of rank {tensor.Rank}.", name),
    };
}
