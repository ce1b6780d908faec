namespace FlowCore.Compute;

/// <content>Elementwise functions.</content>
public abstract partial class Kernels<T>
{
    /// <summary>y = f(x).</summary>
    /// <param name="function">f.</param>
    /// <param name="x">The argument.</param>
    /// <param name="y">The result, of the same shape.</param>
    public abstract void Unary(UnaryFunction function, in Matrix<T> x, in Matrix<T> y);

    /// <summary>dx += dy ∘ f'(x).</summary>
    /// <param name="function">f.</param>
    /// <param name="x">The argument.</param>
    /// <param name="y">f(x).</param>
    /// <param name="dy">The adjoint of y.</param>
    /// <param name="dx">The adjoint of x.</param>
    public abstract void UnaryAdjoint(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx);

    /// <summary>u = f'(x) ∘ v: the tangent of y along v.</summary>
    /// <param name="function">f.</param>
    /// <param name="x">The argument.</param>
    /// <param name="y">f(x).</param>
    /// <param name="v">The tangent of x.</param>
    /// <param name="u">The result, all of the same shape.</param>
    public abstract void UnaryTangent(UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> v, in Matrix<T> u);

    /// <summary>dv += du ∘ f'(x) and dx += du ∘ f''(x) ∘ v; an empty one is skipped.</summary>
    /// <param name="function">f.</param>
    /// <param name="x">The argument.</param>
    /// <param name="y">f(x).</param>
    /// <param name="v">The tangent of x.</param>
    /// <param name="du">The adjoint of the tangent of y.</param>
    /// <param name="dx">The adjoint of x, or empty.</param>
    /// <param name="dv">The adjoint of v, or empty.</param>
    public abstract void UnaryTangentAdjoint(
        UnaryFunction function, in Matrix<T> x, in Matrix<T> y, in Matrix<T> v, in Matrix<T> du, in Matrix<T> dx, in Matrix<T> dv);

    /// <summary>y = f(a, b). An operand with one column is repeated over the columns, a shared one with one row over the rows.</summary>
    /// <param name="function">f.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="y">The result.</param>
    public abstract void Binary(BinaryFunction function, in Matrix<T> a, in Matrix<T> b, in Matrix<T> y);

    /// <summary>da += dy ∘ ∂f/∂a and db += dy ∘ ∂f/∂b, summed over the repeats of a repeated operand; an empty one is skipped.</summary>
    /// <param name="function">f.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="dy">The adjoint of the result.</param>
    /// <param name="da">The adjoint of a, or empty.</param>
    /// <param name="db">The adjoint of b, or empty.</param>
    public abstract void BinaryAdjoint(BinaryFunction function, in Matrix<T> a, in Matrix<T> b, in Matrix<T> dy, in Matrix<T> da, in Matrix<T> db);

    /// <summary>y = a where the mask is not 0, else b, with operands repeated as in <see cref="Binary"/>.</summary>
    /// <param name="mask">What decides; NaN counts as not 0.</param>
    /// <param name="a">The operand where the mask is set.</param>
    /// <param name="b">The operand where it is not.</param>
    /// <param name="y">The result.</param>
    public abstract void Select(in Matrix<T> mask, in Matrix<T> a, in Matrix<T> b, in Matrix<T> y);

    /// <summary>d += dy where an operand of <see cref="Select"/> was taken, and exactly 0 elsewhere, whatever dy is there; summed over the repeats of the operand.</summary>
    /// <param name="mask">What decided.</param>
    /// <param name="first">Whether the operand is that where the mask is set.</param>
    /// <param name="dy">The adjoint of the result.</param>
    /// <param name="d">The adjoint of the operand.</param>
    public abstract void SelectAdjoint(in Matrix<T> mask, bool first, in Matrix<T> dy, in Matrix<T> d);

    /// <summary>y = scale · x + shift with the same two numbers for all elements, or the same added to y.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="shift">The summand.</param>
    /// <param name="y">The result.</param>
    /// <param name="accumulate">Whether to add to y.</param>
    public abstract void ScaleShift(in Matrix<T> x, T scale, T shift, in Matrix<T> y, bool accumulate);
}
