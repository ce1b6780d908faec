using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z = x W for the row x, W = P (L + I) (U + diag(σ e^s)), with a fixed permutation P and fixed signs σ: log|det J| = Σ_i s_i.</summary>
/// <remarks>
/// <para>
/// Kingma and Dhariwal 2018, "Glow", section 3.2, equation 10; parameters as in normflows' InvertibleAffine, which holds z → x: there it stands inverted. L and U
/// are kept as whole matrices of which the strict triangle counts. Two products of D² a row forward, two triangular solutions backward.
/// </para>
/// <para>Take it to start from a given matrix, usually a random rotation (<see cref="FromRotation"/>). P and σ stay as they start.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class PivotedLuLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _permutation;
    private readonly T[] _signs;
    private readonly GatherColumnsOperation<T> _permute;
    private readonly GatherColumnsOperation<T> _permuteBack;
    private readonly ReshapeOperation<T> _flatten;
    private readonly PackedMatrix<T> _lower;
    private readonly PackedMatrix<T> _lowerTransposed;
    private readonly PackedMatrix<T> _upperTransposed;

    /// <summary>Creates the transform with L = U = 0 and s = 0: z_j = σ_j x_π(j).</summary>
    /// <param name="permutation">π: the row of the one in each column of P.</param>
    /// <param name="isNegative">For each feature whether σ is −1.</param>
    /// <param name="name">The prefix of the names: <c>.L</c> and <c>.U</c> [D, D], <c>.log_S</c> [D].</param>
    /// <exception cref="ArgumentException">It is no permutation, the sizes differ, or the name is empty.</exception>
    public PivotedLuLinear(ReadOnlySpan<int> permutation, ReadOnlySpan<bool> isNegative, string name)
        : base(permutation.Length, name, CreateParameters(permutation.Length, name))
    {
        if (isNegative.Length != permutation.Length)
            throw new ArgumentException($"Expected a sign for each of {permutation.Length} features; {isNegative.Length} came.", nameof(isNegative));
        var checkedOne = new Permutation<T>(permutation);
        _permutation = permutation.ToArray();
        _permute = new GatherColumnsOperation<T>(checkedOne.Indices);
        _permuteBack = new GatherColumnsOperation<T>(checkedOne.InverseIndices);
        _signs = new T[Features];
        for (var i = 0; i < Features; i++)
            _signs[i] = isNegative[i] ? -T.One : T.One;
        var size = Features;
        _flatten = new ReshapeOperation<T>(1, size * size);
        int Lower(int i, int j) => i > j ? PackedMatrix<T>.First + (i * size) + j : i == j ? PackedMatrix<T>.One : PackedMatrix<T>.Zero;
        _lower = new PackedMatrix<T>(size, Lower);
        // A product of rows with a matrix is a linear layer with its transpose.
        _lowerTransposed = new PackedMatrix<T>(size, (i, j) => Lower(j, i));
        _upperTransposed = new PackedMatrix<T>(
            size, (i, j) => i > j ? PackedMatrix<T>.First + size + (j * size) + i : i == j ? PackedMatrix<T>.First + i : PackedMatrix<T>.Zero);
    }

    /// <inheritdoc/>
    public static string Kind => "pivoted-lu-linear";

    /// <summary>π.</summary>
    public ReadOnlySpan<int> Permutation => _permutation;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var signs = reader.Integers("negative");
        return new PivotedLuLinear<T>(reader.Integers("permutation"), Array.ConvertAll(signs, sign => sign != 0), reader.Text("name"));
    }

    /// <summary>The transform whose W is a random rotation or reflection.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names.</param>
    /// <param name="stream">Where the random numbers come from.</param>
    /// <returns>The transform.</returns>
    public static PivotedLuLinear<T> FromRotation(int features, string name, RandomStream stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var factors = LinearParameters.Orthogonal(features, stream);
        var (pivots, order, negative) = (new int[features], new int[features], new bool[features]);
        LuDecomposition.Factor(factors, features, pivots);
        for (var i = 0; i < features; i++)
            order[i] = i;
        for (var i = 0; i < features; i++)
            (order[i], order[pivots[i]]) = (order[pivots[i]], order[i]);
        var logarithms = new T[features];
        for (var i = 0; i < features; i++)
        {
            var diagonal = factors[(i * features) + i];
            negative[i] = diagonal < 0;
            logarithms[i] = T.CreateTruncating(Math.Log(Math.Abs(diagonal)));
        }

        var transform = new PivotedLuLinear<T>(order, negative, name);
        var values = Array.ConvertAll(factors, value => T.CreateTruncating(value));
        transform.Parameters[0].Write(values);
        transform.Parameters[1].Write(values);
        transform.Parameters[2].Write(logarithms);
        return transform;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("permutation", Permutation);
        writer.Write("negative", Array.ConvertAll(_signs, sign => sign < T.Zero ? 1 : 0));
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        logAbsDeterminant = tape.Use(Parameters[2]).SumColumns();
        var y = _permute.Apply(x).Linear(_lowerTransposed.Weight(_flatten.Apply(tape.Use(Parameters[0]))));
        return y.Linear(UpperTransposed(tape));
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        logAbsDeterminant = tape.Use(Parameters[2]).SumColumns();
        var y = z.TriangularSolve(UpperTransposed(tape));
        return _permuteBack.Apply(
            y.TriangularSolve(_lower.Weight(_flatten.Apply(tape.Use(Parameters[0]))), transposed: true, unitDiagonal: true));
    }

    private static Parameter<T>[] CreateParameters(int features, string name)
    {
        ArgumentOutOfRangeException.ThrowIfZero(features, "permutation");
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return [new($"{name}.L", features, features), new($"{name}.U", features, features), new($"{name}.log_S", 1, features, isVector: true)];
    }

    private Variable<T> UpperTransposed(Tape<T> tape) =>
        _upperTransposed.Weight(tape.Constant(_signs) * tape.Use(Parameters[2]).Exp(), _flatten.Apply(tape.Use(Parameters[1])));
}
