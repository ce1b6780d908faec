using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = Q (R x) + b, R upper triangular with R_ii = e^{r_i}, Q a product of reflections: log|det J| = Σ_i r_i.</summary>
/// <remarks>
/// Hoogeboom, van den Berg and Welling 2019, "Emerging convolutions for generative normalizing flows", section 3.3; parameters as in nflows. With K = D
/// reflections it reaches every matrix whose determinant has the sign of (−1)^K. Two products of D² a row forward, a product and a triangular solution backward; the
/// reflections are multiplied once a block in double precision. It keeps a rotation and the scales apart, and cannot become singular.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class QrLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PackedMatrix<T> _upper;
    private readonly PackedMatrix<T> _upperTransposed;
    private readonly HouseholderProductOperation<T> _orthogonal;

    /// <summary>Creates the transform; with an even number of reflections it starts as the identity.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="reflections">K, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.bias</c>, <c>.upper_entries</c> (strict, by rows; none for one feature), <c>.log_upper_diag</c>, <c>.orthogonal.q_vectors</c> [K, D].</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public QrLinear(int features, int reflections, string name)
        : base(features, name, CreateParameters(features, reflections, name))
    {
        Reflections = reflections;
        int Upper(int i, int j) =>
            i < j ? PackedMatrix<T>.First + features + PackedMatrix<T>.Above(i, j, features) : i == j ? PackedMatrix<T>.First + i : PackedMatrix<T>.Zero;
        _upper = new PackedMatrix<T>(features, Upper);
        _upperTransposed = new PackedMatrix<T>(features, (i, j) => Upper(j, i));
        _orthogonal = new HouseholderProductOperation<T>(Parameters[^1].Name);
    }

    /// <inheritdoc/>
    public static string Kind => "qr-linear";

    /// <summary>K.</summary>
    public int Reflections { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new QrLinear<T>(reader.Size("features"), reader.Size("reflections"), reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        writer.Write("reflections", Reflections);
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        var logDiagonal = tape.Use(Parameters[^2]);
        logAbsDeterminant = logDiagonal.SumColumns();
        var y = x.Linear(_upper.Weight(logDiagonal.Exp(), UpperEntries(tape)));
        var z = y.Linear(_orthogonal.Apply(tape.Use(Parameters[^1])), tape.Use(Parameters[0]));
        tape.Release(y);
        return z;
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        var logDiagonal = tape.Use(Parameters[^2]);
        logAbsDeterminant = logDiagonal.SumColumns();
        var y = TransposedLinearOperation<T>.Instance.Apply(z - tape.Use(Parameters[0]), _orthogonal.Apply(tape.Use(Parameters[^1])));
        return y.TriangularSolve(_upperTransposed.Weight(logDiagonal.Exp(), UpperEntries(tape)), transposed: true);
    }

    private static Parameter<T>[] CreateParameters(int features, int reflections, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return
        [
            LinearParameters.Vector<T>($"{name}.bias", features),
            .. LinearParameters.Triangle<T>($"{name}.upper_entries", features),
            LinearParameters.Vector<T>($"{name}.log_upper_diag", features),
            LinearParameters.Reflections<T>($"{name}.orthogonal.q_vectors", reflections, features),
        ];
    }

    private Variable<T> UpperEntries(Tape<T> tape) => Features == 1 ? default : tape.Use(Parameters[1]);
}
