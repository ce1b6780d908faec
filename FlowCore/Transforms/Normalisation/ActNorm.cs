using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z_j = e^{s_j} x_j + t_j with free s and t that start from data: log|det J| = Σ_j s_j.</summary>
/// <remarks>
/// Kingma and Dhariwal 2018, "Glow", section 3.1; parameters as in nflows. Started (see <see cref="DataStart"/>), it gives the rows of the start mean 0 and variance 1; from
/// then on it is an elementwise affine map like any other. D operations a row in either direction. Take it between the layers of a deep flow.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ActNorm<T> : LinearTransform<T>, IPartKind<T>, IDataStarted<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the transform; until it is started it is the identity.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.log_scale</c> and <c>.shift</c>, [D] each.</param>
    /// <param name="isStarted">Whether its numbers are to count as started, as those of a file may.</param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public ActNorm(int features, string name, bool isStarted = false)
        : base(features, name, [LinearParameters.Vector<T>($"{name}.log_scale", features), LinearParameters.Vector<T>($"{name}.shift", features)])
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        IsStarted = isStarted;
    }

    /// <inheritdoc/>
    public static string Kind => "act-norm";

    /// <inheritdoc/>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new ActNorm<T>(reader.Size("features"), reader.Text("name"), reader.Flag("started"));
    }

    /// <inheritdoc/>
    public void Start(ReadOnlySpan<T> rows, bool inverse = false)
    {
        var mean = DataMoments.Mean(rows, Features);
        var variance = DataMoments.Variance(rows, mean);
        var constant = DataMoments.Constants(rows, Features);
        var (logScale, shift) = (new T[Features], new T[Features]);
        for (var j = 0; j < Features; j++)
        {
            // A constant feature is moved but not stretched. Passed backwards, x = (z − t) / e^s is what shall have mean 0 and variance 1.
            var deviation = variance[j] > 0 && !constant[j] ? Math.Sqrt(variance[j]) : 1;
            logScale[j] = T.CreateTruncating(inverse ? Math.Log(deviation) : -Math.Log(deviation));
            shift[j] = T.CreateTruncating(inverse ? mean[j] : -mean[j] / deviation);
        }

        Parameters[0].Write(logScale);
        Parameters[1].Write(shift);
        IsStarted = true;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        writer.Write("started", IsStarted);
    }

    /// <inheritdoc/>
    internal override bool TakesPixels => true;

    private protected override Variable<T> MapPixels(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, out Variable<T> logAbsDeterminant)
    {
        var (logScale, pixels) = (tape.Use(Parameters[0]), product.Shape.Pixels);
        logAbsDeterminant = logScale.SumColumns();
        return (x * logScale.Exp().RepeatColumns(pixels)) + tape.Use(Parameters[1]).RepeatColumns(pixels);
    }

    private protected override Variable<T> MapPixelsBack(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, out Variable<T> logAbsDeterminant)
    {
        var (logScale, pixels) = (tape.Use(Parameters[0]), product.Shape.Pixels);
        logAbsDeterminant = logScale.SumColumns();
        return (x - tape.Use(Parameters[1]).RepeatColumns(pixels)) * (-logScale).Exp().RepeatColumns(pixels);
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        var logScale = tape.Use(Parameters[0]);
        logAbsDeterminant = logScale.SumColumns();
        return (x * logScale.Exp()) + tape.Use(Parameters[1]);
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        var logScale = tape.Use(Parameters[0]);
        logAbsDeterminant = logScale.SumColumns();
        return (z - tape.Use(Parameters[1])) * (-logScale).Exp();
    }
}
