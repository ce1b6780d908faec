namespace FlowCore.Compute;

/// <content>Mixtures of logistic distributions.</content>
public abstract partial class Kernels<T>
{
    /// <summary>How many numbers of a feature <see cref="LogisticMixture"/> keeps beside those of its components.</summary>
    internal const int KeptOfFeature = 6;

    /// <summary>ln F, ln S = ln(1 − F) and ln f − ln F − ln S, with F = Σ_k w_k σ((x − m_k) r_k) and f its derivative, of every feature.</summary>
    /// <param name="x">[rows, D].</param>
    /// <param name="parameters">[rows, 3·K·D], or shared: centres m, feature by feature, behind them rates r &gt; 0 and weights w that sum to 1.</param>
    /// <param name="components">K.</param>
    /// <param name="results">[rows, 3·D].</param>
    /// <param name="kept">Receives what the adjoint needs, [rows, <see cref="KeptByLogisticMixture"/>]; empty for nothing.</param>
    public abstract void LogisticMixture(in Matrix<T> x, in Matrix<T> parameters, int components, in Matrix<T> results, in Matrix<T> kept);

    /// <summary>How many columns <see cref="LogisticMixture"/> keeps for its adjoint.</summary>
    /// <param name="components">K.</param>
    /// <param name="features">D.</param>
    /// <returns>(K + 6)·D.</returns>
    public static int KeptByLogisticMixture(int components, int features) => checked((components + KeptOfFeature) * features);

    /// <summary>The adjoint of <see cref="LogisticMixture"/>, added to what is there.</summary>
    /// <param name="kept">What it kept.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="components">K.</param>
    /// <param name="dresults">The adjoint of the results; zero in the padding.</param>
    /// <param name="dx">The adjoint of the argument, or empty.</param>
    /// <param name="dparameters">That of the parameters, summed over the rows where they are shared, or empty.</param>
    public abstract void LogisticMixtureAdjoint(
        in Matrix<T> kept, in Matrix<T> parameters, int components, in Matrix<T> dresults, in Matrix<T> dx, in Matrix<T> dparameters);

    /// <summary>x with given log odds ln F − ln S, but for a last step of Newton's.</summary>
    /// <param name="logOdds">[rows, D].</param>
    /// <param name="parameters">As in <see cref="LogisticMixture"/>.</param>
    /// <param name="components">K.</param>
    /// <param name="x">[rows, D].</param>
    public abstract void LogisticMixtureQuantile(in Matrix<T> logOdds, in Matrix<T> parameters, int components, in Matrix<T> x);
}
