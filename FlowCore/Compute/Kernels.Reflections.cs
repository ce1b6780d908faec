namespace FlowCore.Compute;

/// <content>Chains of reflections.</content>
public abstract partial class Kernels<T>
{
    /// <summary>Below it the squared length of a vector of <see cref="Reflect"/> counts as this, so that a vector of zeros divides nothing by 0.</summary>
    internal const double LeastReflectedSquare = 1e-30;

    /// <summary>y = … H₂ H₁ x in every row, of reflections H = 1 − 2 v vᵀ / vᵀv; a vector of zeros reflects nothing.</summary>
    /// <param name="x">[rows, D].</param>
    /// <param name="vectors">v, [rows, n·D], or shared.</param>
    /// <param name="reversed">Whether the last reflection comes first: then it is the inverse.</param>
    /// <param name="y">[rows, D].</param>
    /// <param name="kept">Receives what the adjoint needs, [rows, n·D]; empty for nothing.</param>
    public abstract void Reflect(in Matrix<T> x, in Matrix<T> vectors, bool reversed, in Matrix<T> y, in Matrix<T> kept);

    /// <summary>The adjoint of <see cref="Reflect"/>.</summary>
    /// <param name="kept">What it kept.</param>
    /// <param name="vectors">v.</param>
    /// <param name="reversed">Whether the last reflection came first.</param>
    /// <param name="adjoint">The adjoint of y, zero in the padding; becomes that of x.</param>
    /// <param name="dvectors">That of the vectors, added to what is there and summed over the rows where they are shared; or empty.</param>
    public abstract void ReflectAdjoint(in Matrix<T> kept, in Matrix<T> vectors, bool reversed, in Matrix<T> adjoint, in Matrix<T> dvectors);
}
