using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>Reflections x ← x − 2 (xᵀq) q / (qᵀq) along q₁, q₂, … q_K in turn: log|det J| = 0.</summary>
/// <remarks>
/// Tomczak and Welling 2016, "Improving variational auto-encoders using Householder flow"; parameters as in nflows. K = D reflections reach every orthogonal
/// matrix with determinant (−1)^D. They are multiplied once a block in double precision; a row then costs one product of D² in either direction. Take it to turn
/// features without scaling them.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class HouseholderLinear<T> : LinearTransform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HouseholderProductOperation<T> _product;

    /// <summary>Creates the transform; with an even number of reflections it starts as the identity, with an odd one it reflects one feature.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="reflections">K, at least 1.</param>
    /// <param name="name">The prefix of the name: <c>{name}.q_vectors</c> is [K, D].</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public HouseholderLinear(int features, int reflections, string name)
        : base(features, name, [LinearParameters.Reflections<T>($"{name}.q_vectors", reflections, features)])
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Reflections = reflections;
        _product = new HouseholderProductOperation<T>(Parameters[0].Name);
    }

    /// <inheritdoc/>
    public static string Kind => "householder-linear";

    /// <summary>K.</summary>
    public int Reflections { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new HouseholderLinear<T>(reader.Size("features"), reader.Size("reflections"), reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        base.Write(writer);
        writer.Write("reflections", Reflections);
    }

    private protected override Variable<T> Map(Tape<T> tape, Variable<T> x, out Variable<T> logAbsDeterminant)
    {
        logAbsDeterminant = default;
        return x.Linear(_product.Apply(tape.Use(Parameters[0])));
    }

    private protected override Variable<T> MapBack(Tape<T> tape, Variable<T> z, out Variable<T> logAbsDeterminant)
    {
        logAbsDeterminant = default;
        return TransposedLinearOperation<T>.Instance.Apply(z, _product.Apply(tape.Use(Parameters[0])));
    }
}
