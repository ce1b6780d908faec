using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = L U x, both triangles in one matrix: L with a free diagonal, U with ones on its own; log|det J| = Σ_i ln |L_ii|.</summary>
/// <remarks>
/// Parameters as in zuko's LU transform. Costs and reach as <see cref="LuLinear{T}"/>, but a diagonal that passes through 0 makes it singular: log|det J| is −∞ there
/// and the inverse not finite. Take it to read models of that form; <see cref="LuLinear{T}"/> cannot become singular.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LuMatrixLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReshapeOperation<T> _flatten;
    private readonly PackedMatrix<T> _lower;
    private readonly PackedMatrix<T> _upper;
    private readonly PackedMatrix<T> _upperTransposed;

    /// <summary>Creates the transform; it starts as the identity.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the name: <c>{name}.LU</c> is [D, D].</param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public LuMatrixLinear(int features, string name)
        : base(features, name, [CreateParameter(features, name)])
    {
        _flatten = new ReshapeOperation<T>(1, features * features);
        int Element(int i, int j) => PackedMatrix<T>.First + (i * features) + j;
        int Upper(int i, int j) => i < j ? Element(i, j) : i == j ? PackedMatrix<T>.One : PackedMatrix<T>.Zero;
        _lower = new PackedMatrix<T>(features, (i, j) => i >= j ? Element(i, j) : PackedMatrix<T>.Zero);
        _upper = new PackedMatrix<T>(features, Upper);
        _upperTransposed = new PackedMatrix<T>(features, (i, j) => Upper(j, i));
    }

    /// <inheritdoc/>
    public static string Kind => "lu-matrix-linear";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new LuMatrixLinear<T>(reader.Size("features"), reader.Text("name"));
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        var elements = _flatten.Apply(tape.Use(Parameters[0]));
        var lower = _lower.Weight(elements);
        logAbsDeterminant = lower.LogAbsDiagonal();
        var y = x.Linear(_upper.Weight(elements));
        var z = y.Linear(lower);
        tape.Release(y);
        return z;
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        var elements = _flatten.Apply(tape.Use(Parameters[0]));
        var lower = _lower.Weight(elements);
        logAbsDeterminant = lower.LogAbsDiagonal();
        var y = z.TriangularSolve(lower);
        var x = y.TriangularSolve(_upperTransposed.Weight(elements), transposed: true, unitDiagonal: true);
        tape.Release(y);
        return x;
    }

    private static Parameter<T> CreateParameter(int features, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Parameter<T>($"{name}.LU", features, features)
        {
            Start = values =>
            {
                for (var i = 0; i < features; i++)
                    values[(i * features) + i] = T.One;
            },
        };
    }
}
