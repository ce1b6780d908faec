namespace FlowCore.Compute;

/// <content>Means of Möbius maps of the circle.</content>
public abstract partial class Kernels<T>
{
    /// <summary>y = Σ π 2 atan2(A sin(ψ/2) − B cos(ψ/2), C cos(ψ/2)) of ψ in [−π, π], or the ψ of a y, and ln of the slope in the direction taken.</summary>
    /// <param name="inverse">Whether ψ is searched.</param>
    /// <param name="angle">[rows, 1].</param>
    /// <param name="numbers">[rows, 4·K], or shared: all A &gt; 0, then B, C &gt; 0 and weights π that sum to 1.</param>
    /// <param name="results">[rows, 2].</param>
    public abstract void MoebiusMixture(bool inverse, in Matrix<T> angle, in Matrix<T> numbers, in Matrix<T> results);

    /// <summary>The adjoint of <see cref="MoebiusMixture"/>, added to what is there.</summary>
    /// <param name="inverse">The direction.</param>
    /// <param name="psi">ψ: what was given, or found.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="dresults">The adjoint of the results; zero in the padding.</param>
    /// <param name="dangle">That of the angle that was given, or empty.</param>
    /// <param name="dnumbers">That of the numbers, summed over the rows where they are shared, or empty.</param>
    public abstract void MoebiusMixtureAdjoint(
        bool inverse, in Matrix<T> psi, in Matrix<T> numbers, in Matrix<T> dresults, in Matrix<T> dangle, in Matrix<T> dnumbers);
}
