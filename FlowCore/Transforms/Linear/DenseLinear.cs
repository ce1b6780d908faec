using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z = W x + b with every element of W free: log|det J| = ln |det W|.</summary>
/// <remarks>
/// Parameters as in nflows' NaiveLinear. One LU decomposition with partial pivoting in double precision a block gives determinant and inverse; a row then costs one
/// product of D² in either direction. It reaches every invertible matrix, but nothing keeps W away from singular ones: a singular W is an error that names
/// it. Take <see cref="LuLinear{T}"/> where that may happen. Where it starts from data (<see cref="DataStart"/>), it takes the scale of what reaches it in, so that the matrix that it was made
/// with meets numbers of mean 0 and variance 1.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class DenseLinear<T> : LinearTransform<T>, IPartKind<T>, IDataStarted<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LogAbsDeterminantOperation<T> _determinant;
    private readonly MatrixInverseOperation<T> _inverse;

    /// <summary>Creates the transform.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.bias</c> [D] and <c>._weight</c> [D, D].</param>
    /// <param name="initialization">Where a fresh W comes from, an orthogonal matrix; null for the identity.</param>
    /// <param name="startsFromData">Whether it starts from data.</param>
    /// <param name="isStarted">Whether its numbers are to count as started, as those of a file do.</param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public DenseLinear(int features, string name, RandomStream? initialization = null, bool startsFromData = false, bool isStarted = false)
        : base(features, name, CreateParameters(features, name, initialization))
    {
        StartsFromData = startsFromData;
        IsStarted = isStarted || !startsFromData;
        _determinant = new LogAbsDeterminantOperation<T>(Parameters[1].Name);
        _inverse = new MatrixInverseOperation<T>(Parameters[1].Name);
    }

    /// <inheritdoc/>
    public static string Kind => "dense-linear";

    /// <inheritdoc/>
    public bool StartsFromData { get; }

    /// <inheritdoc/>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var startsFromData = reader.Has("started");
        return new DenseLinear<T>(reader.Size("features"), reader.Text("name"), null, startsFromData, startsFromData && reader.Flag("started"));
    }

    /// <summary>Takes the mean and the scale of each feature into W and b; does nothing where it does not start from data.</summary>
    /// <inheritdoc/>
    public void Start(ReadOnlySpan<T> rows, bool inverse = false)
    {
        if (!StartsFromData)
            return;
        var (mean, deviation) = LocationScale.FromData(rows, Features);
        var (bias, weight) = (new T[Features], new T[Features * Features]);
        Parameters[0].Read(bias);
        Parameters[1].Read(weight);
        for (var i = 0; i < Features; i++)
        {
            // W (x − μ) / σ + b; passed backwards, x = W⁻¹ ((z − μ) / σ − b), which is the map σ (W x + b) + μ.
            var shift = double.CreateTruncating(bias[i]);
            if (inverse)
                shift = mean[i] + (deviation[i] * shift);
            for (var j = 0; j < Features; j++)
            {
                ref var element = ref weight[(i * Features) + j];
                var scaled = double.CreateTruncating(element) * (inverse ? deviation[i] : 1 / deviation[j]);
                if (!inverse)
                    shift -= scaled * mean[j];
                element = T.CreateTruncating(scaled);
            }

            bias[i] = T.CreateTruncating(shift);
        }

        Parameters[0].Write(bias);
        Parameters[1].Write(weight);
        IsStarted = true;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        if (StartsFromData)
            writer.Write("started", IsStarted);
    }

    /// <inheritdoc/>
    internal override bool TakesPixels => true;

    private protected override Variable<T> MapPixels(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, out Variable<T> logAbsDeterminant)
    {
        var weight = tape.Use(Parameters[1]);
        logAbsDeterminant = _determinant.Apply(weight);
        return product.Apply(x, weight, tape.Use(Parameters[0]));
    }

    private protected override Variable<T> MapPixelsBack(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, out Variable<T> logAbsDeterminant)
    {
        var inverse = _inverse.Apply(tape.Use(Parameters[1]), out logAbsDeterminant);
        return product.Apply(x - tape.Use(Parameters[0]).RepeatColumns(product.Shape.Pixels), inverse, default);
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        var weight = tape.Use(Parameters[1]);
        logAbsDeterminant = _determinant.Apply(weight);
        return x.Linear(weight, tape.Use(Parameters[0]));
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        var inverse = _inverse.Apply(tape.Use(Parameters[1]), out logAbsDeterminant);
        return (z - tape.Use(Parameters[0])).Linear(inverse);
    }

    private static Parameter<T>[] CreateParameters(int features, string name, RandomStream? initialization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var weight = new Parameter<T>($"{name}._weight", features, features)
        {
            Start = values =>
            {
                for (var i = 0; i < features; i++)
                    values[(i * features) + i] = T.One;
            },
        };
        if (initialization is { } stream)
            weight.Write(Array.ConvertAll(LinearParameters.Orthogonal(features, stream), value => T.CreateTruncating(value)));
        return [LinearParameters.Vector<T>($"{name}.bias", features), weight];
    }
}
