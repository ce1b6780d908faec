using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>
/// z = L x + b with a lower triangular L: log|det J| = Σ_i ln |L_ii|. It starts as the identity. Two of them with a reversal
/// after each make the LU form of a full linear map (Kingma and Dhariwal 2018, "Glow", section 3.2).
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class TriangularLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LinearOperation<T> _multiply;

    /// <summary>Creates the transform.</summary>
    /// <param name="features">D.</param>
    /// <param name="name">The prefix of the parameters' names, <c>{name}.weight</c> and <c>{name}.bias</c>.</param>
    public TriangularLinear(int features, string name)
        : base(features, name, CreateParameters(features, name)) => _multiply = new LinearOperation<T>(UnaryFunction.Identity, Parameters[0].Staircase);

    /// <inheritdoc/>
    public static string Kind => "triangular-linear";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new TriangularLinear<T>(reader.Size("features"), reader.Text("name"));
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        var lower = tape.Use(Parameters[0]);
        var z = _multiply.Apply(x, lower, tape.Use(Parameters[1]));
        logAbsDeterminant = LogAbsDiagonalOperation<T>.Instance.Apply(lower);
        return z;
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        var lower = tape.Use(Parameters[0]);
        var shifted = tape.Apply(BinaryOperation<T>.Of(BinaryFunction.Subtract), [z, tape.Use(Parameters[1])], Features);
        var x = TriangularSolveOperation<T>.Of().Apply(lower, shifted);
        tape.Release(shifted);
        logAbsDeterminant = LogAbsDiagonalOperation<T>.Instance.Apply(lower);
        return x;
    }

    private static Parameter<T>[] CreateParameters(int features, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var ends = new int[features];
        for (var i = 0; i < features; i++)
            ends[i] = i + 1;
        return
        [
            new Parameter<T>($"{name}.weight", features, features)
            {
                Staircase = new Staircase(features, ends),
                Start = values =>
                {
                    for (var i = 0; i < features; i++)
                        values[(i * features) + i] = T.One;
                },
            },
            new Parameter<T>($"{name}.bias", 1, features, isVector: true),
        ];
    }
}
