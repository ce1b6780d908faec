using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;

namespace FlowCore.Networks;

/// <summary>h ← w (h − m) / √(v + ε) + b, unit by unit: batch normalisation inside of a network. Mean m and variance v follow the data without a gradient.</summary>
/// <remarks>
/// Ioffe and Szegedy 2015, "Batch normalization"; ε = 10⁻³ and the names as nflows and normflows have them. m and v are constants within a step, so a row's result is
/// its own, in training too. A unit stays a function of what it was one of, so masks hold.
/// </remarks>
internal sealed class UnitNormalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many variables an evaluation group by group keeps: w / √(v + ε), m and b.</summary>
    public const int Variables = 3;

    private const double Minimum = 1e-3;
    private const string Field = "batch_normalization";
    private const string Started = "normalization_started";

    private readonly Parameter<T> _weight;
    private readonly Parameter<T> _bias;
    private readonly Parameter<T> _mean;
    private readonly Parameter<T> _variance;

    /// <summary>Creates the normalisation with m = 0 and v = 1.</summary>
    /// <param name="name">The prefix of the names: <c>.weight</c>, <c>.bias</c>, <c>.running_mean</c>, <c>.running_var</c>.</param>
    /// <param name="units">How many units.</param>
    /// <param name="order">The canonical number of each unit; null where they lie in their order.</param>
    public UnitNormalization(string name, int units, int[]? order)
    {
        Name = name;
        _weight = Vector("weight", 1);
        _bias = Vector("bias", 0);
        _mean = Vector("running_mean", 0);
        _variance = Vector("running_var", 1);
        _mean.Trainable = false;
        _variance.Trainable = false;

        Parameter<T> Vector(string suffix, double start) => new($"{name}.{suffix}", 1, units, isVector: true)
        {
            ColumnOrder = order,
            Start = values => Array.Fill(values, T.CreateTruncating(start)),
        };
    }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>w, b, m and v.</summary>
    public IEnumerable<Parameter<T>> Parameters => [_weight, _bias, _mean, _variance];

    /// <summary>m and v.</summary>
    public IEnumerable<Parameter<T>> Followed => [_mean, _variance];

    /// <summary>How many units.</summary>
    public int Units => _weight.Columns;

    /// <summary>Whether it has been started from data. Files keep it.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Is shown the units that reach the normalisation; null for nobody. It is set while nobody else uses the model.</summary>
    public Action<Variable<T>>? Watcher { get; set; }

    /// <summary>Whether a network that a file describes has such normalisations. Files before there were any do not say.</summary>
    public static bool IsIn(PartReader<T> reader) => reader.Has(Field) && reader.Flag(Field);

    /// <summary>Reads whether they have been started.</summary>
    public static void Read(PartReader<T> reader, IEnumerable<UnitNormalization<T>> normalizations)
    {
        foreach (var normalization in normalizations)
            normalization.IsStarted = reader.Flag(Started);
    }

    /// <summary>Writes whether a network has such normalisations, and whether they have been started.</summary>
    public static void Write(PartWriter writer, bool hasSome, IEnumerable<UnitNormalization<T>> normalizations)
    {
        if (!hasSome)
            return;
        writer.Write(Field, true);
        writer.Write(Started, normalizations.All(normalization => normalization.IsStarted));
    }

    /// <summary>All units.</summary>
    public Variable<T> Apply(Tape<T> tape, Variable<T> h)
    {
        Watcher?.Invoke(h);
        return ((h - tape.Use(_mean)) * Scale(tape)) + tape.Use(_bias);
    }

    /// <summary>Makes the variables of an evaluation group by group.</summary>
    public void Begin(Tape<T> tape, Span<Variable<T>> variables)
    {
        variables[0] = Scale(tape);
        variables[1] = tape.Use(_mean);
        variables[2] = tape.Use(_bias);
    }

    /// <summary>The units from a number on.</summary>
    public static Variable<T> ApplyGroup(Tape<T> tape, Variable<T> h, int start, ReadOnlySpan<Variable<T>> variables) =>
        ((h - tape.Slice(variables[1], start, h.Columns)) * tape.Slice(variables[0], start, h.Columns)) + tape.Slice(variables[2], start, h.Columns);

    /// <summary>Moves m and v towards the moments of rows, v being divided by n − 1. A constant unit keeps its v.</summary>
    /// <param name="rows">Row-major [n, units], at least one row, in the order in which the units lie.</param>
    /// <param name="momentum">How far, in (0, 1]: 1 replaces them.</param>
    /// <exception cref="ArgumentException">The numbers are not finite.</exception>
    public void Follow(ReadOnlySpan<T> rows, double momentum)
    {
        var mean = DataMoments.Mean(rows, Units);
        var variance = DataMoments.Variance(rows, mean);
        var constant = DataMoments.Constants(rows, Units);
        var (means, variances) = (new T[Units], new T[Units]);
        _mean.Read(means);
        _variance.Read(variances);
        for (var j = 0; j < Units; j++)
        {
            var unit = _mean.ColumnOrder is { } order ? order[j] : j;
            means[unit] = Moved(means[unit], mean[j]);
            if (!constant[j] && variance[j] > 0)
                variances[unit] = Moved(variances[unit], variance[j]);
        }

        _mean.Write(means);
        _variance.Write(variances);
        IsStarted = true;

        T Moved(T from, double to)
        {
            var number = double.CreateTruncating(from);
            return T.CreateTruncating(momentum == 1 ? to : number + (momentum * (to - number)));
        }
    }

    private Variable<T> Scale(Tape<T> tape) => tape.Use(_weight) / (tape.Use(_variance) + T.CreateTruncating(Minimum)).Sqrt();
}
