using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = γ (x − m) / √(v + ε) + β with γ = softplus(g) + ε: log|det J| = Σ_j ln γ_j − ½ ln(v_j + ε). Mean m and variance v follow the data without a gradient.</summary>
/// <remarks>
/// <para>
/// Ioffe and Szegedy 2015, "Batch normalization"; in flows Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", section 3.7; parameters as in nflows.
/// There a batch in training is normalised by its own moments: rows then see each other and what is trained is no density. Here m and v are constants
/// within a step, in training too, so log p is normalised, the map is invertible and a row's result is its own.
/// </para>
/// <para>
/// m and v start from data (<see cref="DataStart"/>) and move after a step (<see cref="StepUpdate"/>). The momentum is the caller's, usually 0.1. D operations a
/// row in either direction. <see cref="ActNorm{T}"/> does the same with free numbers alone; take batch normalisation to read models that have it.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BatchNormalization<T> : LinearTransform<T>, IPartKind<T>, IDataStarted<T>, IStepUpdated<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the transform; with m = 0 and v = 1 − ε it starts as the identity.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.unconstrained_weight</c>, <c>.bias</c>, <c>.running_mean</c> and <c>.running_var</c>, [D] each; the last two are not trained.</param>
    /// <param name="minimum">ε in (0, 1).</param>
    /// <param name="isStarted">Whether its numbers are to count as started, as those of a file may.</param>
    /// <exception cref="ArgumentException">A number is out of range or the name is empty.</exception>
    public BatchNormalization(int features, string name, double minimum = 1e-5, bool isStarted = false)
        : base(features, name, CreateParameters(features, name, LinearParameters.CheckedMinimum(minimum)))
    {
        Minimum = minimum > 0 ? minimum : throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "Expected a positive ε; 0 came.");
        IsStarted = isStarted;
    }

    /// <inheritdoc/>
    public static string Kind => "batch-normalization";

    /// <summary>ε.</summary>
    public double Minimum { get; }

    /// <inheritdoc/>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new BatchNormalization<T>(reader.Size("features"), reader.Text("name"), reader.Number("minimum"), reader.Flag("started"));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Passed backwards, x = (z − β) √(v + ε) / γ + m shall have mean 0 and variance 1, so v = γ² / s² − ε; where that were below ε, γ is raised to
    /// s √(2ε). A constant feature is moved but not stretched.
    /// </remarks>
    public void Start(ReadOnlySpan<T> rows, bool inverse = false)
    {
        var (mean, deviation) = Moments(rows);
        var (values, raw) = (Numbers(Parameters[0]), Numbers(Parameters[0]));
        if (inverse)
        {
            for (var j = 0; j < raw.Length; j++)
            {
                var gamma = Softplus(values[j]) + Minimum;
                var least = (double.IsNaN(deviation[j]) ? 1 : deviation[j]) * Math.Sqrt(2 * Minimum);
                if (gamma < least)
                    raw[j] = InverseSoftplus(least - Minimum);
            }

            Write(Parameters[0], raw);
        }

        Move(mean, deviation, 1, inverse, isStart: true);
        IsStarted = true;
    }

    /// <inheritdoc/>
    /// <remarks>A feature that is constant in these rows says nothing of its variance, which stays.</remarks>
    public void Update(ReadOnlySpan<T> rows, double momentum, bool inverse = false)
    {
        if (momentum is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, $"Expected a momentum in (0, 1]; {momentum} came.");
        var (mean, deviation) = Moments(rows);
        Move(mean, deviation, momentum, inverse, isStart: false);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        writer.Write("minimum", Minimum);
        writer.Write("started", IsStarted);
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        var scale = Scale(tape, out logAbsDeterminant);
        return ((x - tape.Use(Parameters[2])) * scale) + tape.Use(Parameters[1]);
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        var scale = Scale(tape, out logAbsDeterminant);
        return ((z - tape.Use(Parameters[1])) / scale) + tape.Use(Parameters[2]);
    }

    private static Parameter<T>[] CreateParameters(int features, string name, double minimum)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var mean = LinearParameters.Vector<T>($"{name}.running_mean", features);
        var variance = LinearParameters.Vector<T>($"{name}.running_var", features, 1 - minimum);
        mean.Trainable = false;
        variance.Trainable = false;
        return
        [
            LinearParameters.Vector<T>($"{name}.unconstrained_weight", features, LinearParameters.SoftplusOfOne(minimum)),
            LinearParameters.Vector<T>($"{name}.bias", features), mean, variance,
        ];
    }

    // NaN stands for the deviation of a constant feature.
    private (double[] Mean, double[] Deviation) Moments(ReadOnlySpan<T> rows)
    {
        var mean = DataMoments.Mean(rows, Features);
        var deviation = DataMoments.Variance(rows, mean);
        var constant = DataMoments.Constants(rows, Features);
        for (var j = 0; j < deviation.Length; j++)
            deviation[j] = constant[j] || deviation[j] == 0 ? double.NaN : Math.Sqrt(deviation[j]);
        return (mean, deviation);
    }

    private void Move(double[] mean, double[] deviation, double momentum, bool inverse, bool isStart)
    {
        var (raw, shift, means, variances) = (Numbers(Parameters[0]), Numbers(Parameters[1]), Numbers(Parameters[2]), Numbers(Parameters[3]));
        for (var j = 0; j < Features; j++)
        {
            var gamma = Softplus(raw[j]) + Minimum;
            var variance = double.IsNaN(deviation[j]) ? isStart ? 1 - Minimum : variances[j]
                : inverse ? Math.Max((gamma * gamma / (deviation[j] * deviation[j])) - Minimum, 0)
                : deviation[j] * deviation[j];
            var target = inverse ? (shift[j] - mean[j]) * Math.Sqrt(variance + Minimum) / gamma : mean[j];
            means[j] = momentum == 1 ? target : means[j] + (momentum * (target - means[j]));
            variances[j] = momentum == 1 ? variance : variances[j] + (momentum * (variance - variances[j]));
        }

        Write(Parameters[2], means);
        Write(Parameters[3], variances);
    }

    private static double[] Numbers(Parameter<T> parameter)
    {
        var values = new T[parameter.Length];
        parameter.Read(values);
        return Array.ConvertAll(values, double.CreateTruncating);
    }

    private static void Write(Parameter<T> parameter, double[] numbers) => parameter.Write(Array.ConvertAll(numbers, T.CreateTruncating));

    private static double Softplus(double raw) => Math.Max(raw, 0) + double.LogP1(Math.Exp(-Math.Abs(raw)));

    // ln(e^y − 1), without overflow.
    private static double InverseSoftplus(double y) => y + Math.Log(-double.ExpM1(-y));

    // γ / √(v + ε).
    private Variable<T> Scale(Tape<T> tape, out Variable<T> logarithm)
    {
        var epsilon = T.CreateTruncating(Minimum);
        var gamma = tape.Use(Parameters[0]).Softplus() + epsilon;
        var variance = tape.Use(Parameters[3]) + epsilon;
        logarithm = (gamma.Log() - (variance.Log() * T.CreateTruncating(0.5))).SumColumns();
        return gamma / variance.Sqrt();
    }
}
