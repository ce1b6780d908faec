using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z = L U x + b, L lower triangular with ones on the diagonal, U upper triangular with U_ii = softplus(u_i) + ε: log|det J| = Σ_i ln U_ii.</summary>
/// <remarks>
/// <para>
/// Kingma and Dhariwal 2018, "Glow", section 3.2; parameters as in nflows. Two products of D² a row forward, two triangular
/// solutions of ½D² backward. It reaches every W with leading minors that are positive, so not a permutation: put one before it
/// (<see cref="WithPermutation"/>) to reach, with a right choice, all matrices of positive determinant.
/// </para>
/// <para>Take it to mix features where a full matrix is wanted and both directions are used.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LuLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PackedMatrix<T> _lower;
    private readonly PackedMatrix<T> _upper;
    private readonly PackedMatrix<T> _upperTransposed;
    private readonly MatrixInverseOperation<T> _lowerInverse;
    private readonly MatrixInverseOperation<T> _upperInverse;

    /// <summary>Creates the transform; without random numbers it starts as the identity.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.bias</c>, <c>.lower_entries</c>, <c>.upper_entries</c> (strict triangles by rows; none for one feature) and <c>.unconstrained_upper_diag</c>.</param>
    /// <param name="minimum">ε in [0, 1), the smallest U_ii.</param>
    /// <param name="initialization">Where fresh numbers come from: all but the bias uniform in ±1/√D.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public LuLinear(int features, string name, double minimum = 1e-3, RandomStream? initialization = null)
        : base(features, name, CreateParameters(features, name, LinearParameters.CheckedMinimum(minimum), initialization))
    {
        Minimum = minimum;
        (_lowerInverse, _upperInverse) = (new MatrixInverseOperation<T>($"{name}.lower_entries"), new MatrixInverseOperation<T>($"{name}.upper_entries"));
        _lower = new PackedMatrix<T>(
            features, (i, j) => i > j ? PackedMatrix<T>.First + PackedMatrix<T>.Below(i, j) : i == j ? PackedMatrix<T>.One : PackedMatrix<T>.Zero);
        int Upper(int i, int j) =>
            i < j ? PackedMatrix<T>.First + features + PackedMatrix<T>.Above(i, j, features) : i == j ? PackedMatrix<T>.First + i : PackedMatrix<T>.Zero;
        _upper = new PackedMatrix<T>(features, Upper);
        _upperTransposed = new PackedMatrix<T>(features, (i, j) => Upper(j, i));
    }

    /// <inheritdoc/>
    public static string Kind => "lu-linear";

    /// <summary>ε.</summary>
    public double Minimum { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new LuLinear<T>(reader.Size("features"), reader.Text("name"), reader.Number("minimum"));
    }

    /// <summary>A permutation and then the linear map: with both, W is no longer bound to one order of the features.</summary>
    /// <param name="permutation">π: feature j of the map's argument is feature π(j) of x.</param>
    /// <param name="name">The prefix of the names, to which <c>.linear</c> is added.</param>
    /// <param name="minimum">ε.</param>
    /// <param name="initialization">Where fresh numbers come from; null for the identity behind the permutation.</param>
    /// <returns>The composition.</returns>
    /// <exception cref="ArgumentException">It is no permutation.</exception>
    public static Composition<T> WithPermutation(ReadOnlySpan<int> permutation, string name, double minimum = 1e-3, RandomStream? initialization = null) => new(
        permutation.Length, new Permutation<T>(permutation), new LuLinear<T>(permutation.Length, $"{name}.linear", minimum, initialization));

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        writer.Write("minimum", Minimum);
    }

    /// <inheritdoc/>
    internal override bool TakesPixels => true;

    private protected override Variable<T> MapPixels(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, out Variable<T> logAbsDeterminant)
    {
        var diagonal = Diagonal(tape, out logAbsDeterminant);
        var y = product.Apply(x, _upper.Weight(diagonal, Upper(tape)), default);
        var z = product.Apply(y, Lower(tape), tape.Use(Parameters[0]));
        tape.Release(y);
        return z;
    }

    // Both inverses once for all pixels, on the host, and then products: a triangular solution for each pixel would be an entry of the tape for each.
    private protected override Variable<T> MapPixelsBack(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, out Variable<T> logAbsDeterminant)
    {
        var diagonal = Diagonal(tape, out logAbsDeterminant);
        var y = product.Apply(x - tape.Use(Parameters[0]).RepeatColumns(product.Shape.Pixels), _lowerInverse.Apply(Lower(tape), out _), default);
        var z = product.Apply(y, _upperInverse.Apply(_upper.Weight(diagonal, Upper(tape)), out _), default);
        tape.Release(y);
        return z;
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        var diagonal = Diagonal(tape, out logAbsDeterminant);
        var y = x.Linear(_upper.Weight(diagonal, Upper(tape)));
        var z = y.Linear(Lower(tape), tape.Use(Parameters[0]));
        tape.Release(y);
        return z;
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        var diagonal = Diagonal(tape, out logAbsDeterminant);
        var y = (z - tape.Use(Parameters[0])).TriangularSolve(Lower(tape), unitDiagonal: true);
        var x = y.TriangularSolve(_upperTransposed.Weight(diagonal, Upper(tape)), transposed: true);
        tape.Release(y);
        return x;
    }

    private static Parameter<T>[] CreateParameters(int features, string name, double minimum, RandomStream? initialization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return
        [
            LinearParameters.Vector<T>($"{name}.bias", features),
            .. LinearParameters.Triangle<T>($"{name}.lower_entries", features, initialization?.Substream(0)),
            .. LinearParameters.Triangle<T>($"{name}.upper_entries", features, initialization?.Substream(1)),
            LinearParameters.Vector<T>(
                $"{name}.unconstrained_upper_diag", features, LinearParameters.SoftplusOfOne(minimum), features, initialization?.Substream(2)),
        ];
    }

    private Variable<T> Diagonal(Tape<T> tape, out Variable<T> logAbsDeterminant)
    {
        var diagonal = tape.Use(Parameters[^1]).Softplus() + T.CreateTruncating(Minimum);
        logAbsDeterminant = diagonal.Log().SumColumns();
        return diagonal;
    }

    // With one feature there are no entries, and the matrix is made of its constants.
    private Variable<T> Lower(Tape<T> tape) => _lower.Weight(Features == 1 ? tape.Constant(T.One) : tape.Use(Parameters[1]));

    private Variable<T> Upper(Tape<T> tape) => Features == 1 ? default : tape.Use(Parameters[2]);
}
