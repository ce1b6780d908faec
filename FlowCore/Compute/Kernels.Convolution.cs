namespace FlowCore.Compute;

/// <content>Convolutions of arrays whose pixels are columns; a lane stays an event.</content>
public abstract partial class Kernels<T>
{
    /// <summary>y = act(w ∗ x + b) at every pixel that is written, and zero at the others.</summary>
    /// <param name="shape">Sizes and order of the columns.</param>
    /// <param name="x">[rows, inputs · pixels], a block.</param>
    /// <param name="weight">A shared matrix of inputs · k · k rows and outputs columns: [outputs, inputs, k, k] row-major.</param>
    /// <param name="bias">[1, outputs], or empty.</param>
    /// <param name="activation">The activation; act(0) at the pixels that are not written.</param>
    /// <param name="y">[rows, outputs · pixels].</param>
    /// <param name="preActivation">As y, kept for the adjoint where <see cref="UnaryFunction.DerivativeNeedsArgument"/> says so and it is not empty.</param>
    public abstract void Convolution(
        ConvolutionShape shape, in Matrix<T> x, in Matrix<T> weight, in Matrix<T> bias, UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation);

    /// <summary>
    /// The adjoint of <see cref="Convolution"/>. With p̄ = dy ∘ act'(·): dx (+)= w turned by half a turn ∗ p̄, dw(n, c, a, b) += Σ p̄(n, i, j) x(c, i + a − k/2, j + b − k/2) and
    /// db(n) += Σ p̄(n, i, j), over rows and pixels in a fixed order. Pixels that are not written do not count.
    /// </summary>
    /// <param name="shape">Sizes and order of the columns.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="x">The argument.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="y">The result.</param>
    /// <param name="preActivation">The kept pre-activation, or empty.</param>
    /// <param name="dy">The adjoint of the result, zero in padding rows; its content is lost.</param>
    /// <param name="dx">The adjoint of the argument, or empty.</param>
    /// <param name="accumulate">Whether to add to dx or to overwrite it.</param>
    /// <param name="dweight">The adjoint of the weight, or empty.</param>
    /// <param name="dbias">The adjoint of the bias, or empty.</param>
    public abstract void ConvolutionAdjoint(
        ConvolutionShape shape, UnaryFunction activation, in Matrix<T> x, in Matrix<T> weight, in Matrix<T> y, in Matrix<T> preActivation, in Matrix<T> dy,
        in Matrix<T> dx, bool accumulate, in Matrix<T> dweight, in Matrix<T> dbias);
}
