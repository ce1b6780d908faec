using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z = W x + b with every element of W free: log|det J| = ln |det W|.</summary>
/// <remarks>
/// Parameters as in nflows' NaiveLinear. One LU decomposition with partial pivoting in double precision a block gives determinant and inverse; a row then costs one
/// product of D² in either direction. It reaches every invertible matrix, but nothing keeps W away from singular ones: a singular W is an error that names
/// it. Take <see cref="LuLinear{T}"/> where that may happen.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class DenseLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LogAbsDeterminantOperation<T> _determinant;
    private readonly MatrixInverseOperation<T> _inverse;

    /// <summary>Creates the transform.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.bias</c> [D] and <c>._weight</c> [D, D].</param>
    /// <param name="initialization">Where a fresh W comes from, an orthogonal matrix; null for the identity.</param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public DenseLinear(int features, string name, RandomStream? initialization = null)
        : base(features, name, CreateParameters(features, name, initialization))
    {
        _determinant = new LogAbsDeterminantOperation<T>(Parameters[1].Name);
        _inverse = new MatrixInverseOperation<T>(Parameters[1].Name);
    }

    /// <inheritdoc/>
    public static string Kind => "dense-linear";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new DenseLinear<T>(reader.Size("features"), reader.Text("name"));
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
