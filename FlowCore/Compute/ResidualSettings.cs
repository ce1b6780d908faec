namespace FlowCore.Compute;

/// <summary>The constants of the polynomial residual: which nuisances interact and how much the higher terms are damped.</summary>
/// <remarks>
/// With ν' = (ν − central) / scale, log-scale s = Σ_k (A_k ν'_k + B_k q ν'_k²) + Σ_(i,j) C_ij r ν'_i ν'_j and the same
/// for the shift t. Immutable.
/// </remarks>
public sealed class ResidualSettings
{
    /// <summary>Creates the constants.</summary>
    /// <param name="central">The central value of each nuisance.</param>
    /// <param name="scales">The scale of each nuisance, finite and not zero.</param>
    /// <param name="crossTerms">Pairs (i, j), i &lt; j, without repeats.</param>
    /// <param name="quadraticDamping">q, finite.</param>
    /// <param name="crossTermDamping">r, finite.</param>
    /// <param name="logDetSign">+1, or −1 for a residual whose log|det J| is counted the other way.</param>
    /// <exception cref="ArgumentException">A constant is out of range.</exception>
    public ResidualSettings(
        ReadOnlySpan<double> central,
        ReadOnlySpan<double> scales,
        ReadOnlySpan<(int First, int Second)> crossTerms = default,
        double quadraticDamping = 0.01,
        double crossTermDamping = 0.01,
        double logDetSign = 1)
    {
        if (scales.Length != central.Length)
            throw new ArgumentException($"Expected a scale for each of the {central.Length} central values, got {scales.Length}.", nameof(scales));
        foreach (var value in central)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"Expected finite central values, got {value}.", nameof(central));
        }

        foreach (var value in scales)
        {
            if (!double.IsFinite(value) || value == 0)
                throw new ArgumentException($"Expected finite scales other than zero, got {value}.", nameof(scales));
        }

        for (var p = 0; p < crossTerms.Length; p++)
        {
            var (first, second) = crossTerms[p];
            if (first < 0 || first >= second || second >= central.Length || crossTerms[..p].Contains(crossTerms[p]))
                throw new ArgumentException($"Expected cross terms that are distinct pairs i < j below {central.Length}, got ({first}, {second}).", nameof(crossTerms));
        }

        if (!double.IsFinite(quadraticDamping))
            throw new ArgumentException($"Expected a finite quadratic damping, got {quadraticDamping}.", nameof(quadraticDamping));
        if (!double.IsFinite(crossTermDamping))
            throw new ArgumentException($"Expected a finite cross-term damping, got {crossTermDamping}.", nameof(crossTermDamping));
        if (logDetSign is not (1 or -1))
            throw new ArgumentException($"Expected a sign of 1 or -1, got {logDetSign}.", nameof(logDetSign));
        Central = central.ToArray();
        Scales = scales.ToArray();
        CrossTerms = crossTerms.ToArray();
        QuadraticDamping = quadraticDamping;
        CrossTermDamping = crossTermDamping;
        LogDetSign = logDetSign;
    }

    /// <summary>How many nuisances.</summary>
    public int Nuisances => Central.Count;

    /// <summary>The central value of each nuisance: there the residual is the identity.</summary>
    public IReadOnlyList<double> Central { get; }

    /// <summary>The scale of each nuisance.</summary>
    public IReadOnlyList<double> Scales { get; }

    /// <summary>The pairs of nuisances with a cross term.</summary>
    public IReadOnlyList<(int First, int Second)> CrossTerms { get; }

    /// <summary>q, the damping of the quadratic terms.</summary>
    public double QuadraticDamping { get; }

    /// <summary>r, the damping of the cross terms.</summary>
    public double CrossTermDamping { get; }

    /// <summary>+1, or −1 where log|det J| is counted the other way.</summary>
    public double LogDetSign { get; }
}
