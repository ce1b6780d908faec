using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = H₁ (S · H₂ x) + b with products H of reflections and S_i = ε + softplus(s_i): log|det J| = Σ_i ln S_i.</summary>
/// <remarks>
/// Zhang, Lei and Dhillon 2018, "Stabilizing gradients for deep neural networks via efficient SVD parameterization"; parameters as in nflows. With K ≥ D
/// reflections on each side it reaches every matrix of one sign of the determinant. Two products of D² a row in either direction; no triangular solution,
/// and the condition number is that of S: the map to take where the inverse must be as exact as the forward direction.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SvdLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HouseholderProductOperation<T> _first;
    private readonly HouseholderProductOperation<T> _second;

    /// <summary>Creates the transform; it starts as the identity.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="reflections">K, even, at least 2, for each of the two products.</param>
    /// <param name="name">The prefix of the names: <c>.bias</c>, <c>.unconstrained_diagonal</c> [D], <c>.orthogonal_1.q_vectors</c> and <c>.orthogonal_2.q_vectors</c> [K, D].</param>
    /// <param name="minimum">ε in [0, 1), the smallest S_i.</param>
    /// <exception cref="ArgumentException">A size is out of range, K is odd, or the name is empty.</exception>
    public SvdLinear(int features, int reflections, string name, double minimum = 1e-3)
        : base(features, name, CreateParameters(features, reflections, name, LinearParameters.CheckedMinimum(minimum)))
    {
        Reflections = reflections;
        Minimum = minimum;
        _first = new HouseholderProductOperation<T>(Parameters[2].Name);
        _second = new HouseholderProductOperation<T>(Parameters[3].Name);
    }

    /// <inheritdoc/>
    public static string Kind => "svd-linear";

    /// <summary>K.</summary>
    public int Reflections { get; }

    /// <summary>ε.</summary>
    public double Minimum { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new SvdLinear<T>(reader.Size("features"), reader.Size("reflections"), reader.Text("name"), reader.Number("minimum"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        writer.Write("reflections", Reflections);
        writer.Write("minimum", Minimum);
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        var scale = Scale(tape, out logAbsDeterminant);
        var y = x.Linear(_second.Apply(tape.Use(Parameters[3]))) * scale;
        return y.Linear(_first.Apply(tape.Use(Parameters[2])), tape.Use(Parameters[0]));
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        var scale = Scale(tape, out logAbsDeterminant);
        var back = TransposedLinearOperation<T>.Instance;
        var y = back.Apply(z - tape.Use(Parameters[0]), _first.Apply(tape.Use(Parameters[2]))) / scale;
        return back.Apply(y, _second.Apply(tape.Use(Parameters[3])));
    }

    private static Parameter<T>[] CreateParameters(int features, int reflections, string name, double minimum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (reflections < 2 || reflections % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(reflections), reflections, $"Expected an even number of reflections, at least 2; {reflections} came.");
        return
        [
            LinearParameters.Vector<T>($"{name}.bias", features),
            LinearParameters.Vector<T>($"{name}.unconstrained_diagonal", features, LinearParameters.SoftplusOfOne(minimum)),
            LinearParameters.Reflections<T>($"{name}.orthogonal_1.q_vectors", reflections, features),
            LinearParameters.Reflections<T>($"{name}.orthogonal_2.q_vectors", reflections, features),
        ];
    }

    private Variable<T> Scale(Tape<T> tape, out Variable<T> logAbsDeterminant)
    {
        var scale = tape.Use(Parameters[1]).Softplus() + T.CreateTruncating(Minimum);
        logAbsDeterminant = scale.Log().SumColumns();
        return scale;
    }
}
