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
    /// <exception cref="NotSupportedException">It is passed backwards.</exception>
    public void Start(ReadOnlySpan<T> rows, bool inverse = false)
    {
        if (inverse)
            throw new NotSupportedException("Expected a batch normalisation that is passed forwards; it is inverted.");
        Update(rows, 1);
        IsStarted = true;
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<T> rows, double momentum)
    {
        if (momentum is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, $"Expected a momentum in (0, 1]; {momentum} came.");
        var mean = DataMoments.Mean(rows, Features);
        var variance = DataMoments.Variance(rows, mean);
        Move(Parameters[2], mean);
        Move(Parameters[3], variance);

        void Move(Parameter<T> parameter, double[] target)
        {
            var values = new T[Features];
            parameter.Read(values);
            for (var j = 0; j < values.Length; j++)
            {
                var value = double.CreateTruncating(values[j]);
                values[j] = T.CreateTruncating(momentum == 1 ? target[j] : value + (momentum * (target[j] - value)));
            }

            parameter.Write(values);
        }
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
