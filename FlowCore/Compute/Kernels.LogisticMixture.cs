namespace FlowCore.Compute;

/// <content>Mixtures of logistic distributions.</content>
public abstract partial class Kernels<T>
{
    /// <summary>ln F, ln S = ln(1 − F) and ln f − ln F − ln S, with F = Σ_k w_k σ((x − m_k) r_k) and f its derivative, of every feature.</summary>
    /// <param name="x">[rows, D].</param>
    /// <param name="parameters">[rows, 3·K·D], or shared: centres m, feature by feature, behind them rates r &gt; 0 and weights w that sum to 1.</param>
    /// <param name="components">K.</param>
    /// <param name="results">[rows, 3·D].</param>
    public abstract void LogisticMixture(in Matrix<T> x, in Matrix<T> parameters, int components, in Matrix<T> results);

    /// <summary>The adjoint of <see cref="LogisticMixture"/>, added to what is there.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="components">K.</param>
    /// <param name="dresults">The adjoint of the results; zero in the padding.</param>
    /// <param name="dx">The adjoint of the argument, or empty.</param>
    /// <param name="dparameters">That of the parameters, summed over the rows where they are shared, or empty.</param>
    public abstract void LogisticMixtureAdjoint(
        in Matrix<T> x, in Matrix<T> parameters, int components, in Matrix<T> dresults, in Matrix<T> dx, in Matrix<T> dparameters);

    /// <summary>x with given log odds ln F − ln S, but for a last step of Newton's.</summary>
    /// <param name="logOdds">[rows, D].</param>
    /// <param name="parameters">As in <see cref="LogisticMixture"/>.</param>
    /// <param name="components">K.</param>
    /// <param name="x">[rows, D].</param>
    public abstract void LogisticMixtureQuantile(in Matrix<T> logOdds, in Matrix<T> parameters, int components, in Matrix<T> x);
}
