using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z = R x with the rotation R = e^(A − Aᵀ): log|det J| = 0, and the inverse is Rᵀ z.</summary>
/// <remarks>
/// Every rotation is such an exponential (Higham 2008, "Functions of Matrices", section 10.6); parameters as in zuko. The exponential is computed once a
/// block in double precision; a row then costs one product of D² in either direction. Take it between layers that treat features one by one.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class RotationLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the transform.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the name: <c>{name}.A</c> is [D, D].</param>
    /// <param name="initialization">Where fresh numbers come from, standard normal; null for the identity, A = 0.</param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public RotationLinear(int features, string name, RandomStream? initialization = null)
        : base(features, name, [CreateParameter(features, name, initialization)])
    {
    }

    /// <inheritdoc/>
    public static string Kind => "rotation-linear";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new RotationLinear<T>(reader.Size("features"), reader.Text("name"));
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        logAbsDeterminant = default;
        return x.Linear(tape.Use(Parameters[0]).Rotation());
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        logAbsDeterminant = default;
        return TransposedLinearOperation<T>.Instance.Apply(z, tape.Use(Parameters[0]).Rotation());
    }

    private static Parameter<T> CreateParameter(int features, string name, RandomStream? initialization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parameter = new Parameter<T>($"{name}.A", features, features);
        if (initialization is { } stream)
            FreshParameters.FillNormal(parameter, stream, 1);
        return parameter;
    }
}
