using System.Numerics;
using FlowCore.Numerics;

namespace FlowCore.Autodiff;

/// <summary>M = H_K … H₁ of the reflections H = I − 2 q qᵀ / (qᵀq) along the rows q of a shared matrix, in double precision.</summary>
/// <remarks>
/// <para>
/// Rows x are mapped by x Mᵀ, a linear layer with weight M: x is reflected along q₁ first. Reversed, q_K comes first: that is Mᵀ, the inverse.
/// The product costs 4 K D² once a block, and rows then one matrix product whatever K is.
/// </para>
/// <para>
/// Adjoint: the reflections are undone from the last; for Y = X − s q (qᵀX) with s = 2 / qᵀq, a = Xᵀq and b = Ȳᵀq,
/// q̄ −= s (X b + Ȳ a) − s² (aᵀb) q and X̄ = H Ȳ.
/// </para>
/// <para>The host computes both on every device: an accelerator sends the vectors and gets the matrix back.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class HouseholderProductOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string _name;

    /// <summary>Creates the operation.</summary>
    /// <param name="name">What to call the vectors in an error, for instance the layer or the parameter.</param>
    /// <param name="reversed">Whether to reflect along q_K first.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public HouseholderProductOperation(string name, bool reversed = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _name = name;
        Reversed = reversed;
    }

    /// <summary>Whether to reflect along q_K first.</summary>
    public bool Reversed { get; }

    /// <summary>Multiplies the reflections.</summary>
    /// <param name="vectors">q, [K, D], shared, as the tape shows a parameter: D rows and K columns.</param>
    /// <returns>M, shared [D, D], as the tape shows a weight.</returns>
    /// <exception cref="ArgumentException">The vectors are missing or not shared.</exception>
    /// <exception cref="InvalidOperationException">A vector is zero or not finite; the message names the vectors.</exception>
    public Variable<T> Apply(Variable<T> vectors)
    {
        var tape = OperandChecks.TapeOf(vectors, nameof(vectors));
        if (vectors.IsBlock)
            throw new ArgumentException($"Expected shared vectors, got {OperandChecks.Shape(vectors)}.", nameof(vectors));
        var y = tape.AllocateShared(vectors.Rows, vectors.Rows);
        tape.ApplyInto(this, [vectors], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var (n, count) = (call.Input(0).Rows, call.Input(0).Columns);
        var numbers = Workspace.Numbers((count * n) + (n * n) + n);
        var vectors = numbers[..(count * n)];
        var product = numbers.Slice(count * n, n * n);
        HostMatrix<T>.Read(call.Kernels, call.Input(0), vectors);
        for (var k = 0; k < count; k++)
        {
            var square = 0.0;
            foreach (var number in vectors.Slice(k * n, n))
                square += number * number;
            if (!(square > 0 && double.IsFinite(square)))
                throw new InvalidOperationException($"Expected vectors of finite, positive length in '{_name}'; vector {k} has length {Math.Sqrt(square)}.");
        }

        HouseholderProduct.Multiply(vectors, count, n, Reversed, product, numbers[((count * n) + (n * n))..]);
        HostMatrix<T>.Write(call.Kernels, product, call.Output(0));
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        if (!call.Needs(0))
            return;
        var (n, count) = (call.Input(0).Rows, call.Input(0).Columns);
        var (length, square) = (count * n, n * n);
        var numbers = Workspace.Numbers((2 * length) + (2 * square) + (2 * n));
        var vectors = numbers[..length];
        var adjoint = numbers.Slice(length, length);
        var product = numbers.Slice(2 * length, square);
        var productAdjoint = numbers.Slice((2 * length) + square, square);
        var work = numbers[((2 * length) + (2 * square))..];
        HostMatrix<T>.Read(call.Kernels, call.Input(0), vectors);
        HostMatrix<T>.Read(call.Kernels, call.OutputAdjoint(0), productAdjoint);

        // Computed anew, as the product on the tape may be rounded to float.
        HouseholderProduct.Multiply(vectors, count, n, Reversed, product, work);
        adjoint.Clear();
        HouseholderProduct.Adjoint(vectors, count, n, Reversed, product, productAdjoint, adjoint, work);
        HostMatrix<T>.AddAdjoint(call, 0, adjoint);
    }
}
